/** Control, format (bidirectional marks among them) and private characters, halves of surrogate pairs, line and paragraph separators. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\p{Zl}\p{Zp}]/gu;

/**
 * What people wrote, as one line of printable text: no control sequence reaches a terminal, no mark turns text around.
 * @example plain('stock\u001b[31m\n check') // 'stock [31m check'
 */
export function plain(text: string): string {
  return text.replace(UNPRINTABLE, ' ').replace(/\s+/gu, ' ').trim();
}

/**
 * At most `limit` characters, the last one an ellipsis where something was cut off.
 * @example cut('recommendation', 10) // 'recommend…'
 */
export function cut(text: string, limit: number): string {
  const characters = [...text];
  return characters.length <= limit ? text : `${characters.slice(0, limit - 1).join('')}…`;
}

/**
 * What an object is called for people, where that says more than its name.
 * @example titleOf({ name: 'mail-relay', displayName: 'Mail relay' }) // {}
 */
export function titleOf(object: { readonly name: string; readonly displayName?: string }): { readonly title?: string } {
  const title = plain(object.displayName ?? '');
  return title === '' || title.toLowerCase().replaceAll(' ', '-') === object.name ? {} : { title };
}
