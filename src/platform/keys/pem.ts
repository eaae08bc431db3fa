/** One block of a PEM text (RFC 7468): `label` is what stands behind BEGIN. */
export interface PemBlock {
  readonly label: string;
  readonly text: string;
}

/** Openssl writes it before a key, and says nothing that the key does not. */
const PARAMETERS = 'EC PARAMETERS';

/** The blocks of a text, in their order; what stands between them is not looked at. Gives none where there is none. */
export function pemBlocks(text: string): PemBlock[] {
  const found = text.matchAll(/-----BEGIN ([A-Z0-9 ]{1,40})-----[^]*?-----END \1-----/g);
  return [...found].map(([block, label = '']) => ({ label, text: block })).filter(({ label }) => label !== PARAMETERS);
}
