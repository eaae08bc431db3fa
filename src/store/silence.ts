import type { Socket } from 'node:net';
import type { ClientBase } from 'pg';

/**
 * Gives a connection up on which nothing came or went for so long: its other end may be gone with nobody having said so, and then TCP would wait for a
 * quarter of an hour. Whoever waits for an answer on it is told that the connection was terminated. An idle one is no loss.
 */
export function endWhereSilent(client: ClientBase, ms: number): void {
  // Of `pg` itself: it is the socket that TLS, too, tells of what comes.
  const { stream } = (client as unknown as { readonly connection: { readonly stream: Socket } }).connection;
  stream.setTimeout(ms, () => stream.destroy());
}
