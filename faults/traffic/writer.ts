import { setTimeout as wait } from 'node:timers/promises';
import type { CreateRecord, PublishRecord, WriteRecord } from '../history/history.js';
import { type Asked, jsonOf, type Reply } from './http.js';
import { applicationOf, markLabel } from './site.js';
import { noteOdd, sendOne, type Surroundings, type Visitor } from './visitor.js';

/** How often who has no answer asks again with the same key, and how long it waits before. */
const TRIES = 12;
const AGAIN_AFTER_MS = 20;
const AT_ONCE = 0.1;
const KEYLESS = 0.1;
const SHARED = 0.5;
const LATE_REPLAY = 0.25;
const CREATE = 0.15;

/** Writes the model and publishes it: every write has a mark, and every publish a message, that nothing else has. */
export class Writer implements Visitor {
  private mark = 0;
  private publishes = 0;
  private creates = 0;
  /** A publish whose key is used once more, when the model is another one. */
  private replay: { record: PublishRecord; asked: Asked } | undefined;

  constructor(
    private readonly number: number,
    private readonly at: Surroundings,
  ) {}

  async step(): Promise<void> {
    const { random, site } = this.at;
    await this.write();
    await this.replayLate();
    for (const environment of random.shuffled(site.own[this.number]!)) await this.publish(environment);
    if (random.chance(SHARED)) await this.publish(random.pick(site.shared));
    if (random.chance(CREATE)) await this.create();
  }

  private async write(): Promise<void> {
    const { history } = this.at;
    const [application, mark] = [applicationOf(this.number), ++this.mark];
    const reason = `mark ${markLabel(this.number, mark)}`;
    const record: WriteRecord = { application, mark, reason, begun: history.moment(), outcome: 'unknown', ended: 0 };
    history.writes.push(record);
    const path = `/v1/applications/${application}/tiers/web`;
    const body = { podSelector: { matchLabels: { app: markLabel(this.number, mark) } } };
    const asked: Asked = { method: 'PATCH', path, headers: { 'if-match': '*', 'sluice-reason': reason }, body };
    const reply = await sendOne(this.at, asked);
    record.ended = history.moment();
    if (reply.kind === 'answer' && reply.status === 200) {
      record.outcome = 'acknowledged';
      history.counts.acknowledgements++;
    } else noteOdd(history, asked, reply);
  }

  private async publish(environment: string): Promise<void> {
    const { history, random } = this.at;
    const message = `publish ${this.number}-${++this.publishes}`;
    const reason = `because of ${message}`;
    const keyed = !random.chance(KEYLESS);
    const record: PublishRecord = { environment, message, reason, keyed, begun: history.moment(), acknowledged: [] };
    history.publishes.push(record);
    const key = keyed ? { 'idempotency-key': message.replace(' ', '-') } : {};
    const headers = { 'sluice-reason': reason, ...key };
    const asked: Asked = {
      method: 'POST',
      path: `/v1/environments/${environment}/bundles`,
      headers,
      body: { message },
    };
    if (keyed && random.chance(AT_ONCE))
      await Promise.all(this.at.clients.map((client) => this.publishOnce(record, asked, client)));
    await this.insist(keyed, async () => (record.acknowledged.length > 0 ? 'done' : this.publishOnce(record, asked)));
    if (keyed && random.chance(LATE_REPLAY)) this.replay = { record, asked };
  }

  /** Asked twice with one key, a model apart: the answer is that of the first time. */
  private async replayLate(): Promise<void> {
    const { replay } = this;
    this.replay = undefined;
    if (replay !== undefined) await this.publishOnce(replay.record, replay.asked);
  }

  private async publishOnce(
    record: PublishRecord,
    asked: Asked,
    client = this.at.random.pick(this.at.clients),
  ): Promise<'done' | 'again'> {
    const { history } = this.at;
    const reply = await sendOne(this.at, asked, client);
    if (reply.kind === 'unknown' || isInFlight(reply)) return 'again';
    if (reply.status !== 200 && reply.status !== 201) noteOdd(history, asked, reply);
    else {
      const { version, digest } = jsonOf(reply.body) as { version: number; digest: string };
      const sight = { environment: record.environment, version, digest };
      record.acknowledged.push({ at: history.moment(), sight, created: reply.status === 201 });
      history.counts.acknowledgements++;
    }
    return 'done';
  }

  /** Asked again until it is answered, it is done once: a second answer that says otherwise would be 409. */
  private async create(): Promise<void> {
    const { history } = this.at;
    const name = `made-${this.number}-${++this.creates}`;
    const record: CreateRecord = { name, reason: `there is ${name}`, outcome: 'unknown' };
    history.creates.push(record);
    const headers = { 'sluice-reason': record.reason, 'idempotency-key': name };
    const asked: Asked = { method: 'POST', path: '/v1/teams', headers, body: { name } };
    const times = this.at.random.chance(0.5) ? 2 : 1;
    for (let time = 0; time < times; time++) {
      await this.insist(true, async () => {
        const reply = await sendOne(this.at, asked);
        if (reply.kind === 'unknown' || isInFlight(reply)) return 'again';
        if (reply.status === 201) record.outcome = 'acknowledged';
        else noteOdd(history, asked, reply);
        return 'done';
      });
    }
  }

  private async insist(keyed: boolean, once: () => Promise<'done' | 'again'>): Promise<void> {
    for (let tries = 0; tries < TRIES; tries++) {
      if ((await once()) === 'done' || !keyed) return;
      await wait(AGAIN_AFTER_MS);
    }
  }
}

function isInFlight(reply: Reply & { kind: 'answer' }): boolean {
  return reply.status === 409 && jsonOf(reply.body)['code'] === 'idempotency-in-flight';
}
