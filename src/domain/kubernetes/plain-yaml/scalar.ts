/** What a scalar can be. */
export type Scalar = string | number | boolean | null;

/** The scalars that were read, by how they are written: a stream has few that differ, and equal ones become one string. */
export type Scalars = Map<string, Scalar | undefined>;

/** What is longer is of one use. */
const KEPT_LENGTH = 200;
/** Longer ones are for the package: an expression that goes on for megabytes runs out of stack. */
const MAX_LENGTH = 100_000;

/**
 * Takes a scalar as it is written on one line: plain, in single or in double quotes. Gives its value in the core schema of YAML 1.2,
 * and undefined where it is not sure: what begins with an indicator, a comment behind it, a colon that would make it a mapping.
 * https://yaml.org/spec/1.2.2/#103-core-schema
 * @example scalarOf('"a\\u0062"', new Map()) // 'ab'
 * @example scalarOf('0o17', new Map()) // 15
 */
export function scalarOf(raw: string, known: Scalars): Scalar | undefined {
  const kept = known.get(raw);
  if (kept !== undefined || known.has(raw)) return kept;
  if (raw.length > MAX_LENGTH) return undefined;
  const own = detached(raw);
  const value = resolve(own);
  if (own.length <= KEPT_LENGTH) known.set(own, value);
  return value;
}

/** V8 keeps a piece of a text of 13 characters or more as a reference into it: one label would hold on to megabytes. */
function detached(piece: string): string {
  return piece.length < 13 ? piece : (JSON.parse(JSON.stringify(piece)) as string);
}

function resolve(raw: string): Scalar | undefined {
  if (raw.startsWith('"')) return doubleQuoted(raw);
  if (raw.startsWith("'")) return SINGLE_QUOTED.test(raw) ? raw.slice(1, -1).replaceAll("''", "'") : undefined;
  return PLAIN.test(raw) && !UNSURE.test(raw) ? plain(raw) : undefined;
}

const SINGLE_QUOTED = /^'[^']*(?:''[^']*)*'$/;
/** Begins with nothing that means something in YAML; a minus is a sign or part of a word where no space follows. */
const PLAIN = /^(?:[^-?:,[\]{}#&*!|>'"%@`\s]|-[^\s:])/;
/** Ends a plain scalar, or merges mappings. */
const UNSURE = /: | #|[: ]$|^<<$/;

/** In the order of the `yaml` package, by its own expressions: what it takes for a number, it must be here too. */
function plain(raw: string): Scalar {
  if (!/^[-+.~0-9nNtTfF]/.test(raw)) return raw;
  if (/^(?:~|[Nn]ull|NULL)$/.test(raw)) return null;
  if (/^(?:[Tt]rue|TRUE|[Ff]alse|FALSE)$/.test(raw)) return /^t/i.test(raw);
  if (/^0o[0-7]+$/.test(raw)) return Number.parseInt(raw.slice(2), 8);
  if (/^[-+]?[0-9]+$/.test(raw)) return Number.parseInt(raw, 10);
  if (/^0x[0-9a-fA-F]+$/.test(raw)) return Number.parseInt(raw.slice(2), 16);
  if (/^(?:\.nan|\.NaN|\.NAN)$/.test(raw)) return Number.NaN;
  if (/^[-+]?\.(?:inf|Inf|INF)$/.test(raw)) return raw.startsWith('-') ? -Infinity : Infinity;
  return FLOAT.test(raw) ? Number.parseFloat(raw) : raw;
}

const FLOAT = /^[-+]?(?:(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)[eE][-+]?[0-9]+|\.[0-9]+|[0-9]+\.[0-9]*)$/;

function doubleQuoted(raw: string): string | undefined {
  if (!DOUBLE_QUOTED.test(raw)) return undefined;
  const text = raw.slice(1, -1);
  return text.includes('\\') ? text.replace(ESCAPE, unescape) : text;
}

/** With the escapes of YAML, and no other. */
const DOUBLE_QUOTED =
  /^"[^"\\]*(?:\\(?:[0abefnrtvN_LP "/\\]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U(?:000[0-9a-fA-F]|0010)[0-9a-fA-F]{4})[^"\\]*)*"$/;
const ESCAPE = /\\(?:x..|u.{4}|U.{8}|.)/g;

function unescape(escape: string): string {
  const short = ESCAPED[escape.charAt(1)];
  return short ?? String.fromCodePoint(Number.parseInt(escape.slice(2), 16));
}

/** https://yaml.org/spec/1.2.2/#57-escaped-characters */
const ESCAPED: Readonly<Record<string, string>> = {
  ...{ '0': '\0', a: '\x07', b: '\b', e: '\x1b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' },
  ...{ N: '\u0085', _: '\u00a0', L: '\u2028', P: '\u2029', ' ': ' ', '"': '"', '/': '/', '\\': '\\' },
};
