/** Words that a YAML 1.1 parser takes for a boolean or null, in any case. https://yaml.org/type/bool.html https://yaml.org/type/null.html */
const WORDS = new Set(['y', 'n', 'yes', 'no', 'on', 'off', 'true', 'false', 'null', 'nan', 'inf', 'infinity']);
/**
 * Starts with a letter, so it is no number, date or sign of YAML; holds nothing that ends a plain scalar; ends in a letter or digit.
 * Some parsers of YAML 1.1 take an exponent alone for a number: a commit called `e1234567` would be infinity.
 */
const PLAIN = /^(?![eE][-+]?[0-9_]+$)[A-Za-z](?:[A-Za-z0-9_.,/-]*[A-Za-z0-9])?$/;
const WORD_MAX = 8;
/** Four numbers and a slash are no number of any YAML. */
const IPV4_BLOCK = /^\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\/\d{1,2}$/;

/**
 * A string as a YAML scalar that every parser, 1.1 or 1.2, reads back as that string: plain where that is beyond doubt, otherwise in
 * double quotes. Takes any string, also lone surrogates and control characters.
 * @example scalar('web') // 'web'
 * @example scalar('on') // '"on"'
 */
export function scalar(text: string): string {
  if (isName(text) || PLAIN.test(text))
    return text.length <= WORD_MAX && WORDS.has(text.toLowerCase()) ? quoted(text) : text;
  return IPV4_BLOCK.test(text) ? text : quoted(text);
}

/** Some of what PLAIN takes, and nearly all that there is to write: lower case, digits, `,`, `-`, `.` and `/`. A loop is faster than the expression. */
function isName(text: string): boolean {
  const first = text.charCodeAt(0);
  if (!isLower(first) || first === E) return false;
  let last = first;
  for (let i = 1; i < text.length; i++) {
    last = text.charCodeAt(i);
    if (!isLower(last) && !(last >= COMMA && last <= NINE)) return false;
  }
  return last >= ZERO;
}

/** In ASCII `,`, `-`, `.`, `/` and the digits stand in a row. */
const [COMMA, ZERO, NINE, A, E, Z] = [0x2c, 0x30, 0x39, 0x61, 0x65, 0x7a];

function isLower(unit: number): boolean {
  return unit >= A && unit <= Z;
}

/**
 * What JSON leaves raw and YAML does not take inside double quotes: DEL and the C1 controls, the line ends NEL, LS and PS, and the
 * byte order mark and non-characters. https://yaml.org/spec/1.2.2/#51-character-set
 */
const UNPRINTABLE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** JSON's string is a YAML double-quoted scalar (YAML 1.2 holds JSON) once the few characters above are escaped too. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(UNPRINTABLE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
