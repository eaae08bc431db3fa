import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const dockerfile = readFileSync('Dockerfile', 'utf8').replaceAll('\\\n', '');
const stages = dockerfile.split(/^(?=FROM )/m).slice(1);
const last = stages.at(-1) ?? '';
const { services, volumes } = parse(readFileSync('docker-compose.yml', 'utf8')) as Record<string, any>;

/** The value of a variable that `ENV` sets in the image that runs. */
function env(name: string): string | undefined {
  return new RegExp(`^ENV .*\\b${name}=(\\S+)`, 'm').exec(last)?.[1];
}

describe('Dockerfile', () => {
  it('runs as a user that is not root, by number, the file that `npm run build` makes', () => {
    const user = /^USER (\d+):(\d+)$/m.exec(last);
    expect(user?.slice(1).map(Number)).toEqual([1000, 1000]);
    expect(last.indexOf('\nUSER ')).toBeGreaterThan(last.lastIndexOf('\nRUN '));
    expect(last).toMatch(/^CMD \["node", .*"bundle\/main\.js"\]$/m);
  });

  it('leaves development packages out of the image that runs', () => {
    expect(stages[0]).toContain('npm prune --omit=dev');
    expect(last).not.toMatch(/npm (ci|install)/);
  });

  it('listens where the world outside the container can reach it, and asks its own readiness', () => {
    expect(env('HOST')).toBe('0.0.0.0');
    expect(last).toContain(`EXPOSE ${env('PORT')}\n`);
    expect(last).toMatch(/^HEALTHCHECK .*\/readyz/m);
  });

  it('holds no secret: none is set, given to the build, or left in a layer', () => {
    expect(dockerfile).not.toMatch(/^ARG |--mount=type=secret|--build-arg/m);
    expect(dockerfile).not.toMatch(/(TOKEN|PASSWORD|SECRET|KEY)\w*=|DATABASE_URL=|slc_|BEGIN [A-Z ]*KEY/);
    expect(stages).toHaveLength(2);
  });

  it('carries a list of what it is made of, without what it leaves out', () => {
    expect(stages[0]).toMatch(/npm run sbom -- --omit=optional && npm prune --omit=dev --omit=optional/);
    expect(last).toMatch(/^COPY --from=build .*\/app\/sbom\.cdx\.json /m);
  });

  it('copies only what exists and what .dockerignore lets in', () => {
    const ignored = readFileSync('.dockerignore', 'utf8').split('\n');
    const copied = [...(stages[0] ?? '').matchAll(/^COPY (.*) \S+$/gm)].flatMap((match) => (match[1] ?? '').split(' '));
    expect(copied).toContain('package-lock.json');
    for (const path of copied) {
      expect(existsSync(path), path).toBe(true);
      expect(ignored, path).not.toContain(path);
    }
    for (const secret of ['.sluice', '.git', 'node_modules']) expect(ignored).toContain(secret);
  });
});

describe('docker-compose.yml', () => {
  it('gives the service the database that it starts', () => {
    const url = new URL(services.sluice.environment.DATABASE_URL.replace('${POSTGRES_PASSWORD:-sluice}', 'secret'));
    const { POSTGRES_USER, POSTGRES_DB, POSTGRES_PASSWORD } = services.postgres.environment;
    expect([url.hostname, url.port, url.username, url.pathname]).toEqual([
      'postgres',
      '5432',
      POSTGRES_USER,
      `/${POSTGRES_DB}`,
    ]);
    expect(services.sluice.environment.DATABASE_URL).toContain(`:${POSTGRES_PASSWORD}@`);
  });

  it('waits until the database answers', () => {
    expect(services.sluice.depends_on.postgres.condition).toBe('service_healthy');
    expect(services.postgres.healthcheck.test.slice(0, 2)).toEqual(['CMD', 'pg_isready']);
  });

  it('publishes the port of the image, on this machine only, and keeps what must be kept', () => {
    expect(services.sluice.ports).toEqual([`127.0.0.1:3000:${env('PORT')}`]);
    expect(services.sluice.volumes).toEqual([`sluice:${env('SLUICE_DATA_DIR')}`]);
    expect(last).toContain(`VOLUME ${env('SLUICE_DATA_DIR')}\n`);
    expect(Object.keys(volumes).sort()).toEqual(['postgres', 'sluice']);
  });
});

describe('what is fetched from elsewhere', () => {
  it('names no host: images come from where the machine is told to take them', () => {
    const images = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map((match) => match[1]).concat(services.postgres.image);
    for (const image of images) expect(image).toMatch(/^[a-z]+:[\w-]+$/);
  });
});
