/**
 * The bytes that are signed for a payload of a type: with both lengths, so that nothing can be read in two ways.
 * https://github.com/secure-systems-lab/dsse/blob/master/protocol.md
 * @example preAuthenticationEncoding('text/plain', bytes) // DSSEv1 10 text/plain 3 abc
 */
export function preAuthenticationEncoding(type: string, payload: Uint8Array): Uint8Array {
  const utf8 = new TextEncoder();
  const head = utf8.encode(`DSSEv1 ${utf8.encode(type).length} ${type} ${payload.length} `);
  const bytes = new Uint8Array(head.length + payload.length);
  bytes.set(head);
  bytes.set(payload, head.length);
  return bytes;
}
