import { SluiceError } from '../errors.js';

const RENDER = 'render it first, as with `helm template`, and send what comes out';

/** A template that could be read as YAML, or could not: it is no manifest yet. */
export function templateError(line: number): SluiceError {
  return new SluiceError(
    'malformed',
    `line ${line} has a template action {{ ... }}: this is a template, not YAML; ${RENDER}`,
  );
}

/** A line whose text, before any quote or comment, has two braces. */
const ACTION = /^[^'"#]*\{\{/;
/** A line that begins with them, as the control structures of templates do. */
const ACTION_FIRST = /^[ \t]*\{\{/m;

/**
 * What broken YAML is called where it is a template: the line that could not be read, or the one before, has an action. Where
 * only other lines have one, that is said beside what is broken.
 * @example asTemplate('{{ if .Values.web }}\nkind: Pod', 1, error).message // 'line 1 has a template action {{ ... }}: ...'
 */
export function asTemplate(text: string, line: number, error: SluiceError): SluiceError {
  const lines = linesAround(text, line);
  const at = lines.findLastIndex((one) => ACTION.test(one));
  if (at >= 0) return templateError(line - (lines.length - 1 - at));
  if (!ACTION_FIRST.test(text)) return error;
  const message = `${error.message}; it has template actions {{ ... }} in it: if it is a template, ${RENDER}`;
  return new SluiceError(error.code, message, error.problems, { cause: error.cause });
}

/** The line before, where there is one, and the line itself. */
function linesAround(text: string, line: number): string[] {
  let start = 0;
  let before = 0;
  for (let at = 1; at < line; at++) {
    const end = text.indexOf('\n', start);
    if (end < 0) break;
    [before, start] = [start, end + 1];
  }
  const end = text.indexOf('\n', start);
  const own = text.slice(start, end < 0 ? undefined : end);
  return start === 0 ? [own] : [text.slice(before, start - 1), own];
}
