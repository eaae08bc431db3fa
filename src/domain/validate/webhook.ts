import type { Problem } from '../errors.js';
import type { Webhook } from '../model/webhook.js';
import { mayBeSentTo } from '../webhook/webhook-url.js';
import { missingNames } from './references.js';

/** What a webhook is held against. */
export interface WebhookFacts {
  readonly name: string;
  /** The fields that can be read. */
  readonly webhook: Partial<Webhook>;
  /** The environments that it names, undefined for one that cannot be read. */
  readonly environments: readonly (string | undefined)[];
  /** Those of them that there are. */
  readonly known: ReadonlySet<string>;
  readonly standing: Webhook | undefined;
  /** CIDRs of the networks inside which receivers may be. */
  readonly allow: readonly string[];
}

/**
 * All problems of a webhook against its surroundings: an environment that does not exist, an address that is not to be sent to, another kind of
 * signature than it was made with.
 */
export function webhookProblems(facts: WebhookFacts): Problem[] {
  const where = `webhook "${facts.name}"`;
  const environments = missingNames('#/environments', 'environment', facts.environments, facts.known, where);
  return [...urlProblems(facts), ...environments, ...signatureProblems(facts)];
}

function urlProblems({ webhook: { url }, allow }: WebhookFacts): Problem[] {
  const violation = url === undefined ? undefined : mayBeSentTo(url, allow);
  return violation === undefined ? [] : [{ pointer: '#/url', ...violation, value: url }];
}

function signatureProblems({ name, webhook: { signature }, standing }: WebhookFacts): Problem[] {
  if (signature === undefined || standing === undefined || signature === standing.signature) return [];
  const detail = `webhook "${name}" signs with ${standing.signature}, and its receiver checks that: make another webhook for ${signature}`;
  return [{ pointer: '#/signature', code: 'signature-fixed', detail, value: signature }];
}
