import type { SigningKeys } from '../platform/keys/signing-keys.js';

/** What a newcomer sees: where it is, how to get in, and three lines to paste. */
export interface BannerFacts {
  readonly url: string;
  readonly adminTokenFile: string;
  /** False where another process, or another data folder, made the token. */
  readonly adminTokenKept: boolean;
  /** Only where this start made it. */
  readonly adminToken: string | undefined;
  readonly database: string;
  readonly demo: boolean;
  readonly keys: SigningKeys;
  readonly seconds: number;
}

export function banner(facts: BannerFacts): string {
  const { url, adminToken, adminTokenFile, adminTokenKept, database, demo, keys, seconds } = facts;
  const token = adminToken ?? '(made at the first start)';
  return [
    '',
    `  Sluice is ready at ${url}   (${seconds.toFixed(1)} s)`,
    '',
    `  admin token   ${token}`,
    ...(adminTokenKept ? [`                kept in ${adminTokenFile}`] : []),
    `  database      ${database}`,
    `  signing       ${signing(keys, url)}`,
    `  explore       ${url}/docs   ${url}/graphiql`,
    '',
    ...(demo ? tour(url, adminTokenFile) : first(url, adminTokenFile)),
    '',
  ].join('\n');
}

/** Said at every start: nobody should find out at a deployment that versions are not signed, or by another key than they thought. */
function signing({ release, attestation }: SigningKeys, url: string): string {
  const [first, ...more] = release.signers;
  if (first === undefined) return 'off: SLUICE_RELEASE_KEYS is not set';
  const others = more.length === 0 ? '' : ` and ${more.length} more`;
  const without = attestation.signers.length > 0 ? '' : '; SLUICE_ATTESTATION_KEYS is not set: no attestations';
  return `key ${first.hint}${others}   ${url}/.well-known/sluice/cosign.pub${without}`;
}

function curl(url: string, tokenFile: string, path: string): string {
  const file = tokenFile.replaceAll("'", `'\\''`);
  return `  curl -sS -u "ci:$(cat '${file}')" ${url}${path}`;
}

function tour(url: string, tokenFile: string): string[] {
  return [
    curl(url, tokenFile, '/v1/environments/dev/bundles/latest/overview.txt'),
    curl(url, tokenFile, '/v1/environments/dev/bundles/latest/manifests'),
    curl(url, tokenFile, '/v1/environments/prod/preview'),
  ];
}

function first(url: string, tokenFile: string): string[] {
  return [
    curl(url, tokenFile, `/v1/teams -H 'content-type: application/json' -d '{"name": "web"}'`),
    curl(url, tokenFile, '/v1/teams'),
    curl(url, tokenFile, '/v1/changes'),
  ];
}
