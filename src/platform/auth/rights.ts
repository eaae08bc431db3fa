import type { Scope } from '../../domain/scope.js';
import type { Token } from '../../store/token.store.js';
import type { RequestContext } from '../context.js';

/** What a token may do, and where. */
export type Rights = Pick<RequestContext, 'scopes' | 'boundTo'>;

/** One for a token as long as it is remembered: requests that wait hold theirs. */
const RIGHTS = new WeakMap<Token, Rights>();

export function rightsOf(token: Token): Rights {
  const known = RIGHTS.get(token);
  if (known !== undefined) return known;
  const rights = { scopes: new Set(token.scopes as Scope[]), boundTo: token.environment };
  RIGHTS.set(token, rights);
  return rights;
}
