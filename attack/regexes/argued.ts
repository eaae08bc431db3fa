/** A pattern that recheck does not call safe, and why it is all the same. */
export interface Argued {
  readonly file: string;
  readonly pattern: string;
  readonly because: string;
}

export const ARGUED: readonly Argued[] = [
  {
    file: 'domain/compile/name-tiers.ts',
    pattern: '/[-.]+$/',
    because: 'quadratic in the length of a name, which is cut to fewer than 253 characters just before',
  },
  {
    file: 'domain/verdict/mends.ts',
    pattern: '/-+$/',
    because: 'quadratic in the length of a name, which is cut to at most 63 characters just before',
  },
  {
    file: 'domain/oci/tags.ts',
    pattern: 'new RegExp(`^1\\\\.0\\\\.${VERSION}$`)',
    because: 'VERSION is a fixed text, ([1-9][0-9]{0,8}), between two anchors',
  },
  {
    file: 'domain/oci/tags.ts',
    pattern: 'new RegExp(`^v${VERSION}$`)',
    because: 'VERSION is a fixed text, ([1-9][0-9]{0,8}), between two anchors',
  },
  {
    file: 'platform/http/route-table.ts',
    pattern: "new RegExp(`^${escaped.replace(/:\\w+/g, '[^/]+')}$`)",
    because: 'made of the paths of our own routes: each [^/]+ ends at a slash, so there is one way to match',
  },
  {
    file: 'platform/keys/pem.ts',
    pattern: '/-----BEGIN ([A-Z0-9 ]{1,40})-----[^]*?-----END \\1-----/g',
    because: 'it reads the settings and key files of whoever runs the server, before it listens',
  },
];
