/** What a token may do: `admin` everything; whoever may write the model or publish may read. */
export const SCOPES = ['read', 'write', 'publish', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];
