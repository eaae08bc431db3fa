/** What receivers are told of, by the names that stand in `type`. */
export const EVENT_TYPES = ['bundle.published', 'webhook.test'] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** An event as it is sent: the same bytes at every attempt. */
export interface WebhookEvent {
  readonly type: EventType;
  /** The environment that it is about; none: of all of them. */
  readonly environment: string | undefined;
  readonly body: string;
}

/** What there is to say of a version in a few words; the rest is fetched by whoever wants it. */
export interface PublishedVersion {
  readonly environment: string;
  readonly version: number;
  readonly revision: number;
  readonly digest: string;
  readonly publishedBy: string;
  readonly publishedAt: string;
  readonly message?: string;
}

/**
 * The event of a publish. Some 6 kB at most: a message has 1,000 characters.
 * @param publicUrl where clients find this service, where that is known
 * @example publishedEvent(version, 'https://sluice.example.com').body // '{"type":"bundle.published","timestamp":"...","data":{"environment":"prod",...}}'
 */
export function publishedEvent(published: PublishedVersion, publicUrl: string | undefined): WebhookEvent {
  const { environment, version, revision, digest, publishedBy, publishedAt, message } = published;
  const bundle = `${publicUrl ?? ''}/v1/environments/${environment}/bundles/${version}`;
  const data = { environment, version, revision, digest, publishedBy, ...(message === undefined ? {} : { message }) };
  return eventOf('bundle.published', environment, publishedAt, { ...data, bundle });
}

/** An event that says nothing but that it came. */
export function testEvent(webhook: string, requestedBy: string, at: string): WebhookEvent {
  return eventOf('webhook.test', undefined, at, { webhook, requestedBy });
}

function eventOf(type: EventType, environment: string | undefined, timestamp: string, data: object): WebhookEvent {
  return { type, environment, body: JSON.stringify({ type, timestamp, data }) };
}
