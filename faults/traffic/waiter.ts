import type { Sight } from '../history/history.js';
import { type Asked, jsonOf } from './http.js';
import { noteOdd, sendOne, type Surroundings, type Visitor } from './visitor.js';

const WAIT_S = 2;
const TIMEOUT_MS = 12_000;

/** Waits for the next version of one environment, and then for the next. */
export class Waiter implements Visitor {
  private known = { version: 0, etag: '' };

  constructor(
    private readonly environment: string,
    private readonly at: Surroundings,
  ) {}

  async step(): Promise<void> {
    const { history } = this.at;
    const begun = history.moment();
    const path = `/v1/environments/${this.environment}/bundles/latest`;
    const known = this.known.etag === '' ? {} : { 'if-none-match': this.known.etag };
    const asked: Asked = {
      method: 'GET',
      path,
      headers: { prefer: `wait=${WAIT_S}`, ...known },
      timeoutMs: TIMEOUT_MS,
    };
    const reply = await sendOne(this.at, asked);
    if (reply.kind === 'unknown') return;
    if (reply.status !== 200 && reply.status !== 304) return noteOdd(history, asked, reply);
    const { environment } = this;
    if (reply.status === 200) {
      const { version, digest } = jsonOf(reply.body) as unknown as Sight;
      this.known = { version, etag: reply.etag };
      history.pages.push([{ environment, version, digest }]);
    }
    const what = reply.status === 200 ? 'the version that was waited for' : 'the answer that there is no newer version';
    if (reply.age === 'current')
      history.latest.push({ what, environment, begun, ended: history.moment(), version: this.known.version });
  }
}
