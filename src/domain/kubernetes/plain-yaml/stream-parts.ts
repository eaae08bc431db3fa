/** One document of a stream: where its part of the text begins and ends, and where what stands under its `---` begins. */
export interface StreamPart {
  readonly from: number;
  readonly end: number;
  /** Behind the line of the `---`; -1 where more stands on that line. */
  readonly body: number;
}

/** What a document leaves behind for the next (a directive, `...`), and what ends lines or stands before them in another way. */
const NOT_IN_PARTS = /[\r\ufeff]|^(?:%|\.\.\.)/m;

/**
 * Takes a stream of YAML documents apart at the lines that begin one. Gives undefined where its documents cannot be read each for
 * itself.
 * @example streamParts('a: 1\n---\nb: 2\n') // [{ from: 0, end: 5, body: 0 }, { from: 5, end: 14, body: 9 }]
 */
export function streamParts(text: string): readonly StreamPart[] | undefined {
  if (NOT_IN_PARTS.test(text)) return undefined;
  const parts: StreamPart[] = [];
  for (let from = 0, end = 0; from < text.length; from = end) {
    end = nextMarker(text, from);
    parts.push({ from, end, body: bodyOf(text, from) });
  }
  return parts;
}

function nextMarker(text: string, from: number): number {
  for (let feed = text.indexOf('\n---', from); feed >= 0; feed = text.indexOf('\n---', feed + 1)) {
    if (isMarker(text, feed + 1)) return feed + 1;
  }
  return text.length;
}

/** `---a` begins no document. */
function isMarker(text: string, at: number): boolean {
  return text.startsWith('---', at) && [undefined, ' ', '\t', '\n'].includes(text[at + 3]);
}

const ONLY_SPACES = / *(?:\n|$)/y;

function bodyOf(text: string, from: number): number {
  if (!isMarker(text, from)) return from;
  ONLY_SPACES.lastIndex = from + 3;
  return ONLY_SPACES.test(text) ? ONLY_SPACES.lastIndex : -1;
}
