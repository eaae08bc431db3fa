import type { ByteBuffer } from './bytes.js';

/** Words that a YAML 1.1 parser takes for a boolean or null, in any case. https://yaml.org/type/bool.html https://yaml.org/type/null.html */
const WORDS = new Set(['y', 'n', 'yes', 'no', 'on', 'off', 'true', 'false', 'null', 'nan', 'inf', 'infinity']);
const WORD_MAX = 8;
/**
 * Starts with a letter, so it is no number, date or sign of YAML; holds nothing that ends a plain scalar; ends in a letter or digit.
 * Some parsers of YAML 1.1 take an exponent alone for a number: a commit called `e1234567` would be infinity.
 */
const PLAIN = /^(?![eE][-+]?[0-9_]+$)[A-Za-z](?:[A-Za-z0-9_.,/-]*[A-Za-z0-9])?$/;
/** Four numbers and a slash are no number of any YAML. */
const IPV4_BLOCK = /^\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\/\d{1,2}$/;

/** Some of what PLAIN takes, and nearly all that there is to write: it is checked while it is put. */
const NAME = { first: unitsOf(/[a-df-z]/), any: unitsOf(/[a-z0-9.,/-]/), last: unitsOf(/[a-z0-9]/) };
/** What stands for itself between double quotes. */
const UNESCAPED = unitsOf(/[ !#-[\]-~]/);

/** Of each unit of ASCII, a 1 where it is one that the expression takes. */
function unitsOf(expression: RegExp): Uint8Array {
  return Uint8Array.from({ length: 128 }, (_, unit) => Number(expression.test(String.fromCharCode(unit))));
}

/**
 * A string as a YAML scalar that every parser, 1.1 or 1.2, reads back as that string: plain where that is beyond doubt, otherwise in
 * double quotes. Takes any string, also lone surrogates and control characters.
 * @example scalar('web') // 'web'
 * @example scalar('on') // '"on"'
 */
export function scalar(text: string): string {
  return isPlain(text) ? text : quoted(text);
}

function isPlain(text: string): boolean {
  return (PLAIN.test(text) && !isWord(text)) || IPV4_BLOCK.test(text);
}

/** Puts what `scalar` gives. */
export function putScalar(bytes: ByteBuffer, text: string): void {
  if (mayBeName(text) && bytes.asciiOf(NAME.any, text)) return;
  if (isPlain(text)) bytes.ascii(text);
  else putQuoted(bytes, text);
}

/** By its ends. */
function mayBeName(text: string): boolean {
  const { first, last } = NAME;
  return first[text.charCodeAt(0)] === 1 && last[text.charCodeAt(text.length - 1)] === 1 && !isWord(text);
}

function isWord(text: string): boolean {
  return text.length <= WORD_MAX && WORDS.has(text.toLowerCase());
}

/**
 * What JSON leaves raw and YAML does not take inside double quotes: DEL and the C1 controls, the line ends NEL, LS and PS, and the
 * byte order mark and non-characters. https://yaml.org/spec/1.2.2/#51-character-set
 */
const UNPRINTABLE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

function putQuoted(bytes: ByteBuffer, text: string): void {
  const { length } = bytes;
  bytes.ascii('"');
  if (bytes.asciiOf(UNESCAPED, text)) return bytes.ascii('"');
  bytes.cut(length);
  bytes.put(quoted(text));
}

/** JSON's string is a YAML double-quoted scalar (YAML 1.2 holds JSON) once the few characters above are escaped too. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(UNPRINTABLE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
