/** Moments in the order in which they were, for everything that one run sees. */
export type Moment = number;

/** A version, as some reply named it. */
export interface Sight {
  readonly environment: string;
  readonly version: number;
  readonly digest: string;
}

/** What came of a write: a reply said that it is done, or refused it, or nobody knows. */
export type Outcome = 'acknowledged' | 'unknown' | 'refused';

/** A publish that was asked for, once or several times with one key. */
export interface PublishRecord {
  readonly environment: string;
  readonly message: string;
  readonly reason: string;
  readonly keyed: boolean;
  readonly begun: Moment;
  /** Every acknowledgement; with a key all of them are of one version. */
  readonly acknowledged: { readonly at: Moment; readonly sight: Sight; readonly created: boolean }[];
}

/** A write of the model: the tier of an application gets a mark that nothing else ever has. */
export interface WriteRecord {
  readonly application: string;
  readonly mark: number;
  readonly reason: string;
  readonly begun: Moment;
  outcome: Outcome;
  ended: Moment;
}

/** Something made with a key of its own. */
export interface CreateRecord {
  readonly name: string;
  readonly reason: string;
  outcome: Outcome;
}

/** A read of what is the latest version, and what it gave: 0 where the answer is that nothing newer than `known` is there. */
export interface LatestRecord {
  readonly what: string;
  readonly environment: string;
  readonly begun: Moment;
  readonly ended: Moment;
  readonly version: number;
}

/** A read of the mark of an application. */
export interface MarkRecord {
  readonly application: string;
  readonly begun: Moment;
  readonly mark: number;
}

/** The bytes of a version, fetched by its number. */
export interface FetchRecord {
  readonly sight: Sight;
  readonly status: number;
  readonly digest: string;
  /** What the versions before and after it in the list were numbered, newest first, where it comes from a list. */
  readonly marks: ReadonlyMap<string, number>;
}

/** A reply that no request should ever have. */
export interface OddReply {
  readonly what: string;
  readonly text: string;
}

/** All that clients saw in one run, in one order. The checks judge it; nothing in it is ever changed. */
export class History {
  readonly publishes: PublishRecord[] = [];
  readonly writes: WriteRecord[] = [];
  readonly creates: CreateRecord[] = [];
  readonly latest: LatestRecord[] = [];
  readonly marks: MarkRecord[] = [];
  readonly fetches: FetchRecord[] = [];
  /** Pages of versions, newest first. */
  readonly pages: (readonly Sight[])[] = [];
  readonly odd: OddReply[] = [];
  readonly ends: string[] = [];
  readonly counts = { requests: 0, unknown: 0, acknowledgements: 0 };
  private now = 0;

  /** The next moment: later than all that were given. */
  moment(): Moment {
    return ++this.now;
  }
}
