import { SluiceError } from '../../domain/errors.js';

/**
 * Picks a media type by the Accept header (RFC 9110 section 12.5.1): the one with the highest weight, the first offered among equals,
 * and the first offered where nothing is asked. Refuses (not-acceptable) where none will do.
 * @example negotiate('application/json', ['application/yaml', 'application/json']) // 'application/json'
 */
export function negotiate<T extends string>(accept: string | undefined, offered: readonly [T, ...T[]]): T {
  if (accept === undefined || accept.trim() === '') return offered[0];
  const ranges = accept.split(',').map(parseRange);
  let best: { type: T; weight: number } | undefined;
  for (const type of offered) {
    const weight = weightOf(type, ranges);
    if (weight > (best?.weight ?? 0)) best = { type, weight };
  }
  if (best !== undefined) return best.type;
  throw new SluiceError('not-acceptable', `this can be had as ${offered.join(', ')}, not as ${accept.slice(0, 200)}`);
}

/**
 * True where the Accept-Encoding header asks for gzip (RFC 9110 section 12.5.3). Without the header any coding would do, and none is used.
 * @example acceptsGzip('br, gzip;q=0.5') // true
 */
export function acceptsGzip(header: string | undefined): boolean {
  const codings = (header ?? '').split(',').map(parseRange);
  const gzip =
    codings.find(({ type }) => type === 'gzip' || type === 'x-gzip') ?? codings.find(({ type }) => type === '*');
  return (gzip?.weight ?? 0) > 0;
}

interface MediaRange {
  readonly type: string;
  readonly weight: number;
}

function parseRange(text: string): MediaRange {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const q = parameters.find((parameter) => parameter.startsWith('q='));
  const weight = q === undefined ? 1 : Number(q.slice(2));
  return { type, weight: weight >= 0 && weight <= 1 ? weight : 0 };
}

/** The most specific range that matches decides. */
function weightOf(type: string, ranges: readonly MediaRange[]): number {
  const [group] = type.split('/');
  for (const candidate of [type, `${group}/*`, '*/*']) {
    const range = ranges.find((given) => given.type === candidate);
    if (range !== undefined) return range.weight;
  }
  return 0;
}
