import type { FetchRecord, Sight } from '../history/history.js';
import { type Asked, digestOf, jsonOf } from './http.js';
import { applicationOf, marksIn } from './site.js';
import { noteOdd, sendOne, type Surroundings, type Visitor } from './visitor.js';

const PAGE = 6;

/** Reads what is there: the latest version, lists, bytes, and the model. */
export class Reader implements Visitor {
  constructor(private readonly at: Surroundings) {}

  async step(): Promise<void> {
    const { random, site } = this.at;
    const environment = random.pick(site.environments);
    const sight = await this.latest(environment);
    if (sight !== undefined && random.chance(0.5)) await this.fetch(sight);
    if (random.chance(0.3)) await this.list(environment);
    if (random.chance(0.3)) await this.mark(random.below(site.applications.length));
  }

  /** What is there to say of it, or its bytes: those have a way of their own through the server. */
  private async latest(environment: string): Promise<Sight | undefined> {
    const { history, random } = this.at;
    const begun = history.moment();
    const asBytes = random.chance(0.5);
    const asked: Asked = {
      method: 'GET',
      path: `/v1/environments/${environment}/bundles/latest${asBytes ? '/manifests.yaml' : ''}`,
    };
    const reply = await sendOne(this.at, asked);
    if (reply.kind === 'unknown') return undefined;
    if (reply.status !== 200) return void noteOdd(history, asked, reply);
    const said = asBytes ? { version: reply.version, digest: digestOf(reply.body) } : jsonOf(reply.body);
    const { version, digest } = said as unknown as Sight;
    const what = asBytes ? 'the version whose bytes are the latest' : 'the latest version';
    if (reply.age === 'current') history.latest.push({ what, environment, begun, ended: history.moment(), version });
    history.pages.push([{ environment, version, digest }]);
    return { environment, version, digest };
  }

  /** Whatever is listed can be fetched, at any server. */
  private async list(environment: string): Promise<void> {
    const { history, random } = this.at;
    const asked: Asked = { method: 'GET', path: `/v1/environments/${environment}/bundles?pageSize=${PAGE}` };
    const reply = await sendOne(this.at, asked);
    if (reply.kind === 'unknown') return;
    if (reply.status !== 200) return noteOdd(history, asked, reply);
    const { items } = jsonOf(reply.body) as unknown as { items: Sight[] };
    const page = items.map(({ version, digest }) => ({ environment, version, digest }));
    history.pages.push(page);
    if (page.length > 0) await this.fetch(random.chance(0.7) ? page[0]! : random.pick(page));
  }

  private async fetch(sight: Sight): Promise<void> {
    const asked: Asked = {
      method: 'GET',
      path: `/v1/environments/${sight.environment}/bundles/${sight.version}/manifests.yaml`,
    };
    const reply = await sendOne(this.at, asked);
    if (reply.kind === 'answer') this.at.history.fetches.push(fetched(sight, reply.status, reply.body));
  }

  private async mark(writer: number): Promise<void> {
    const { history } = this.at;
    const begun = history.moment();
    const asked: Asked = { method: 'GET', path: `/v1/applications/${applicationOf(writer)}/tiers/web` };
    const reply = await sendOne(this.at, asked);
    if (reply.kind === 'unknown') return;
    if (reply.status !== 200) return noteOdd(history, asked, reply);
    const application = applicationOf(writer);
    history.marks.push({ application, begun, mark: marksIn(reply.body.toString()).get(application) ?? NaN });
  }
}

/** What there is to say of the bytes of a version. */
export function fetched(sight: Sight, status: number, bytes: Buffer): FetchRecord {
  return { sight, status, digest: digestOf(bytes), marks: status === 200 ? marksIn(bytes.toString()) : new Map() };
}
