import { setTimeout as wait } from 'node:timers/promises';
import type { History } from '../history/history.js';
import type { Random } from '../random.js';
import { HttpClient } from './http.js';
import { Reader } from './reader.js';
import type { Site } from './site.js';
import type { Surroundings, Visitor } from './visitor.js';
import { Waiter } from './waiter.js';
import { Writer } from './writer.js';

/** Where the servers are, and how hard they are worked. */
export interface TrafficOptions {
  readonly ports: readonly number[];
  readonly token: string;
  readonly readers: number;
  readonly waiters: number;
  /** How long everybody rests between two steps. */
  readonly restMs: number;
}

/** Everybody who sends requests, each one thing after the other and all at the same time. */
export class Traffic {
  private readonly clients: HttpClient[];
  private going: Promise<void>[] = [];
  private state: 'goes' | 'rests' | 'ends' = 'rests';
  private readonly visitors: readonly Visitor[];

  constructor(
    private readonly options: TrafficOptions,
    site: Site,
    history: History,
    random: Random,
  ) {
    this.clients = options.ports.map((port) => new HttpClient(port, options.token));
    const at = (name: string): Surroundings => ({ site, history, clients: this.clients, random: random.apart(name) });
    const several = <T>(count: number, one: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => one(n));
    this.visitors = [
      ...site.applications.map((application, n) => new Writer(n, at(application))),
      ...several(options.readers, (n) => new Reader(at(`reader-${n}`))),
      ...several(
        options.waiters,
        (n) => new Waiter(site.environments[n % site.environments.length]!, at(`waiter-${n}`)),
      ),
    ];
  }

  start(): void {
    this.state = 'goes';
    this.going = this.visitors.map((visitor) => this.keepGoing(visitor));
  }

  /** Lets everybody end what is under way, and begin nothing. */
  rest(): void {
    if (this.state === 'goes') this.state = 'rests';
  }

  goOn(): void {
    if (this.state === 'rests') this.state = 'goes';
  }

  /** Ends when everybody has ended. */
  async end(): Promise<void> {
    this.state = 'ends';
    await Promise.all(this.going);
    for (const client of this.clients) client.close();
  }

  private async keepGoing(visitor: Visitor): Promise<void> {
    while (this.state !== 'ends') {
      if (this.state === 'goes') await visitor.step();
      await wait(this.state === 'goes' ? this.options.restMs : 10);
    }
  }
}
