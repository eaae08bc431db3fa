/** What an answer about an edition can be had as. */
export const ANSWER_TYPES = ['application/json', 'text/plain'] as const;
export type AnswerType = (typeof ANSWER_TYPES)[number];

/** An answer as it goes over the wire: bytes, which a thread hands over without a copy. */
export function writeAs<T>(type: AnswerType, answer: T, text: (answer: T) => string): Uint8Array {
  switch (type) {
    case 'application/json':
      return Buffer.from(JSON.stringify(answer));
    case 'text/plain':
      return Buffer.from(text(answer));
  }
}
