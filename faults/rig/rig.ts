import { chmodSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HttpClient } from '../traffic/http.js';
import { freePort } from '../../src/store/embedded/postmaster.process.js';
import { Cluster } from './cluster.js';
import { Disk, removeLeftOvers } from './disk.js';
import { olderBuild } from './older-build.js';
import { Proxy } from './proxy.js';
import { ServerProcess } from './server-process.js';

const PREFIX = 'sluice-faults-';
const POOL_SIZE = 10;
const TEMPLATE = 'prepared';
const NOTHING_MORE: Extras = { imports: [], env: {} };

/** A server, the proxy in front of it, and those between it and each node of the database. */
export interface Place {
  readonly process: ServerProcess;
  readonly front: Proxy;
  readonly behind: readonly Proxy[];
}

/** What servers are started with beside what they need. */
export interface Extras {
  /** Modules that are loaded before them. */
  readonly imports: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface RigOptions {
  readonly diskMegabytes: number;
  /** Told where a process ends that nobody told to. */
  readonly onUnexpectedEnd: (text: string) => void;
}

/** PostgreSQL with a standby, and two server processes over it, everything behind proxies. */
export class Rig {
  places: readonly Place[] = [];
  token = '';
  database = '';
  private readonly data: string;
  private older: string | undefined;
  private readonly interrupt = (): void => void this.stop().then(() => process.exit(1));

  private constructor(
    readonly folder: string,
    readonly disks: readonly Disk[],
    readonly cluster: Cluster,
    private readonly options: RigOptions,
  ) {
    this.data = join(folder, 'data');
    process.once('SIGINT', this.interrupt).once('SIGTERM', this.interrupt);
  }

  static async start(options: RigOptions): Promise<Rig> {
    removeLeftOvers(tmpdir(), PREFIX);
    const folder = join(tmpdir(), `${PREFIX}${process.pid}`);
    mkdirSync(folder);
    chmodSync(folder, 0o755);
    const disks = ['a', 'b'].map((name) => Disk.open(join(folder, name), options.diskMegabytes));
    try {
      const cluster = await Cluster.start([disks[0]!.folder, disks[1]!.folder]);
      return new Rig(folder, disks, cluster, options);
    } catch (error) {
      for (const disk of disks) disk.close();
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Makes the database that all others are copies of: a server starts on an empty one, and `fill` puts into it what all are to have. */
  async prepare(fill: (client: HttpClient) => Promise<void>): Promise<void> {
    await this.cluster.tell(`CREATE DATABASE ${TEMPLATE}`);
    this.database = TEMPLATE;
    const place = await this.place('server-1', NOTHING_MORE);
    this.places = [place];
    await place.process.start();
    this.token = readFileSync(join(this.data, 'admin-token'), 'utf8').trim();
    const client = new HttpClient(place.process.port, this.token);
    await fill(client);
    client.close();
    await this.stopServing();
  }

  /** Two servers over a database of their own; the servers that there were end. */
  async serve(database: string, extras = NOTHING_MORE): Promise<void> {
    await this.stopServing();
    await this.cluster.tell(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${TEMPLATE}'`);
    await this.cluster.tell(`CREATE DATABASE ${database} TEMPLATE ${TEMPLATE}`);
    this.database = database;
    this.places = await Promise.all(['server-1', 'server-2'].map((name) => this.place(name, extras)));
    await Promise.all(this.places.map(({ process }) => process.start()));
  }

  /** The disk under the node that is the primary now. */
  get primaryDisk(): Disk {
    return this.disks[this.cluster.all.indexOf(this.cluster.primary)]!;
  }

  /** The main module of a build that does not know the last migration; made when it is first asked for. */
  get olderMain(): string {
    return (this.older ??= olderBuild(join(this.folder, 'older')));
  }

  async stopServing(): Promise<void> {
    for (const { process, front, behind } of this.places) {
      await process.end('SIGKILL');
      for (const proxy of [front, ...behind]) await proxy.close();
    }
    this.places = [];
  }

  /** Leaves nothing behind: no process, no mount, no file. */
  async stop(): Promise<void> {
    process.off('SIGINT', this.interrupt).off('SIGTERM', this.interrupt);
    await this.stopServing().catch(() => undefined);
    await this.cluster.stop().catch(() => undefined);
    for (const disk of this.disks) disk.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async place(name: string, { imports, env: more }: Extras): Promise<Place> {
    const { cluster } = this;
    const behind = await Promise.all(cluster.all.map((node) => Proxy.open(() => node.port)));
    const hosts = behind.map(({ port }) => `127.0.0.1:${port}`).join(',');
    const { password } = cluster.primary.data;
    const env = {
      DATABASE_URL: `postgresql://sluice:${password}@${hosts}/${this.database}?target_session_attrs=read-write`,
      SLUICE_DATA_DIR: this.data,
      SLUICE_POOL_SIZE: String(POOL_SIZE),
      ...more,
    };
    const logFile = join(this.folder, `${name}.log`);
    const process = new ServerProcess(
      { name, port: await freePort(), logFile, env, imports },
      this.options.onUnexpectedEnd,
    );
    return { process, front: await Proxy.open(() => process.port), behind };
  }
}
