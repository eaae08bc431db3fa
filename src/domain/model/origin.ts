/** Where the content of a version comes from: a closed list. */
export const ORIGIN_KINDS = [
  'model', // the working model of its environment, as it was at the publish
  'promotion', // a version of another environment, with the placements, profile and addresses of its own
  'rollback', // an earlier version of its environment, as it is
] as const;
export type OriginKind = (typeof ORIGIN_KINDS)[number];

/** The version that is named may have been removed since: it is known by its number. */
export type Origin =
  | { readonly kind: 'model' }
  | { readonly kind: 'promotion'; readonly environment: string; readonly version: number }
  | { readonly kind: 'rollback'; readonly version: number };

/**
 * In a few words, for people and for annotations.
 * @example originText({ kind: 'promotion', environment: 'staging', version: 7 }) // 'promotion of staging/7'
 */
export function originText(origin: Origin): string {
  switch (origin.kind) {
    case 'model':
      return 'model';
    case 'promotion':
      return `promotion of ${origin.environment}/${origin.version}`;
    case 'rollback':
      return `rollback to ${origin.version}`;
  }
}
