import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Authenticator } from '../auth/authenticator.js';
import type { Standing } from '../auth/standing.js';
import type { Wheel } from '../wheel.js';

// Server-Sent Events: https://html.spec.whatwg.org/multipage/server-sent-events.html

export const EVENT_STREAM = 'text/event-stream';

/** Silence for longer than that, and somebody in between takes the connection for dead. */
const BEAT_MS = 20_000;
/** How long a client waits before it comes back. */
const RETRY_MS = 5_000;

const HEADERS = { 'content-type': EVENT_STREAM, 'cache-control': 'no-store', 'x-accel-buffering': 'no' };

/** One event; `data` has no line breaks. */
export interface StreamEvent {
  readonly id?: number;
  readonly event: string;
  readonly data: string;
}

/** All streams of events of this process: they end with it, and with their tokens. */
export class EventStreams {
  private readonly streams = new Set<EventStream>();
  private closed = false;

  constructor(
    private readonly authenticator: Authenticator,
    private readonly wheel: Wheel,
    private readonly beatMs = BEAT_MS,
  ) {
    authenticator.onRevocation((id) => {
      for (const stream of this.streams) if (id === '' || id === stream.standing.id) void stream.holdToken();
    });
  }

  /** Begins the answer; whatever is refused must have been refused before. Gives nothing for HEAD, which is answered by that. */
  async open(request: FastifyRequest, reply: FastifyReply): Promise<EventStream | undefined> {
    const standing = await this.authenticator.standing(request.headers.authorization);
    reply.hijack();
    reply.raw.writeHead(200, { ...(reply.getHeaders() as Record<string, string>), ...HEADERS });
    if (request.method === 'HEAD') return void reply.raw.end();
    const stream = new EventStream(reply.raw, standing, this.wheel, this.beatMs);
    this.streams.add(stream);
    stream.onEnd(() => this.streams.delete(stream));
    if (this.closed) stream.end();
    return stream;
  }

  /** For the end of the process. Clients come back, to another one. */
  close(): void {
    this.closed = true;
    for (const stream of this.streams) stream.end();
  }
}

/** One answer that goes on. It ends when the client goes away or does not read, and with its token. */
export class EventStream {
  private readonly endings: (() => void)[] = [];
  private stopBeat: () => void = () => undefined;
  /** Lets a send go on that waits for the client. */
  private resume: () => void = () => undefined;
  private state: 'open' | 'full' | 'stalled' | 'ended' = 'open';

  constructor(
    private readonly raw: FastifyReply['raw'],
    readonly standing: Standing,
    private readonly wheel: Wheel,
    private readonly beatMs: number,
  ) {
    raw.once('close', () => this.settle());
    raw.on('error', () => this.settle()); // a client that goes away in the middle of something
    raw.on('drain', () => this.resume());
    if (raw.destroyed)
      this.settle(); // gone before it began
    else this.begin();
  }

  private begin(): void {
    this.raw.write(`retry: ${RETRY_MS}\n\n`);
    this.armBeat();
  }

  get isOpen(): boolean {
    return this.state !== 'ended';
  }

  /** Called once, at once where it has ended already. */
  onEnd(act: () => void): void {
    if (this.isOpen) this.endings.push(act);
    else act();
  }

  /** Sends, and waits until the client has taken most of it: so no more than this is held for it. Nothing, where the token is no longer good. */
  async send(events: readonly StreamEvent[]): Promise<void> {
    await this.holdToken();
    if (!this.isOpen || this.raw.write(events.map(textOf).join(''))) return;
    this.state = 'full';
    await new Promise<void>((resolve) => (this.resume = resolve));
    if (this.isOpen) this.state = 'open';
  }

  /** Ends it where the token is no longer good, or nobody can tell. */
  async holdToken(): Promise<void> {
    await this.standing.hold().catch(() => this.end());
  }

  end(): void {
    if (!this.isOpen) return;
    this.settle();
    this.raw.end();
  }

  private settle(): void {
    if (!this.isOpen) return;
    this.state = 'ended';
    this.stopBeat();
    this.resume();
    for (const act of this.endings.splice(0)) act();
  }

  private armBeat(): void {
    this.stopBeat = this.wheel.after(this.beatMs, () => this.beat());
  }

  /** A client that took nothing from one beat to the next has had its time: it may come back and go on from where it was. */
  private beat(): void {
    if (this.state === 'stalled') {
      this.settle();
      this.raw.destroy();
      return;
    }
    if (this.state === 'full') this.state = 'stalled';
    else this.raw.write(':\n\n');
    this.armBeat();
    void this.holdToken();
  }
}

function textOf({ id, event, data }: StreamEvent): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${data}\n\n`;
}
