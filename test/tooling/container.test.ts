import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

interface LockedPackage {
  readonly integrity?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const dockerfile = readFileSync('Dockerfile', 'utf8').replaceAll('\\\n', '');
const stages = dockerfile.split(/^(?=FROM )/m).slice(1);
const last = stages.at(-1) ?? '';
const { services, volumes } = parse(readFileSync('docker-compose.yml', 'utf8')) as Record<string, any>;

/** The value of a variable that `ENV` sets in the image that runs. */
function env(name: string): string | undefined {
  return new RegExp(`^ENV .*\\b${name}=(\\S+)`, 'm').exec(last)?.[1];
}

describe('Dockerfile', () => {
  it('runs as a user that is not root, the file that `npm run build` makes', () => {
    expect(/^USER (\S+)$/m.exec(last)?.[1]).toBe('node');
    expect(last.indexOf('USER node')).toBeGreaterThan(last.lastIndexOf('\nRUN '));
    expect(last).toMatch(/^CMD \["node", .*"dist\/main\.js"\]$/m);
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
  it('names no host: images and packages come from where the machine is told to take them', () => {
    const images = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map((match) => match[1]).concat(services.postgres.image);
    for (const image of images) expect(image).toMatch(/^[a-z]+:[\w-]+$/);
    expect(readFileSync('package-lock.json', 'utf8').includes('"resolved"')).toBe(false);
    expect(readFileSync('.npmrc', 'utf8')).not.toMatch(/registry|:\/\//);
  });

  it('has a PostgreSQL in the lockfile for every platform, and exact versions everywhere', () => {
    const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, Record<string, string>>;
    const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
      packages: Record<string, { integrity?: string }>;
    };
    expect(Object.keys(manifest['optionalDependencies'] ?? {})).toHaveLength(5);
    const versions = ['dependencies', 'optionalDependencies', 'devDependencies'].flatMap((kind) =>
      Object.entries(manifest[kind] ?? {}),
    );
    for (const [name, version] of versions) {
      expect(version, name).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
      expect(packages[`node_modules/${name}`]?.integrity, name).toMatch(/^sha512-/);
    }
  });

  it('has in the lockfile what every platform needs: without it `npm ci` refuses', () => {
    const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
      packages: Record<string, LockedPackage>;
    };
    const locked = new Set(Object.keys(packages).map((path) => path.split('node_modules/').at(-1)));
    const wanted = Object.values(packages).flatMap(({ optionalDependencies = {} }) =>
      Object.keys(optionalDependencies),
    );
    expect(wanted.filter((name) => !locked.has(name))).toEqual([]);
  });
});
