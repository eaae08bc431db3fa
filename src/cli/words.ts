import { parseArgs, type ParseArgsConfig } from 'node:util';
import { SluiceError } from '../domain/errors.js';
import type { Option } from './option.js';

/** What was said of the options of a command, and its other words. */
export interface Words {
  readonly values: Readonly<Record<string, string | undefined>>;
  readonly flags: ReadonlySet<string>;
  readonly positionals: readonly string[];
  /** Options that may be given often, and words right after them. */
  readonly lists: Readonly<Record<string, readonly string[] | undefined>>;
}

/**
 * Reads the words of a command by node's own parser. Refuses options that are not known, those without their value, and values that are
 * none of the choices, naming these.
 * @example readWords(['a.yaml', '--format=csv'], [{ name: 'format', kind: 'value', summary: '' }]).values['format'] // 'csv'
 */
export function readWords(words: readonly string[], options: readonly Option[]): Words {
  const { tokens } = parse({
    args: [...words],
    options: Object.fromEntries(options.map((option) => [option.name, parserOf(option)])),
    ...{ allowPositionals: true, strict: true, tokens: true },
  });
  const kinds = new Map(options.map(({ name, kind }) => [name, kind]));
  const said: Record<string, string> = {};
  const found: Record<string, string[]> = {};
  const given = new Set<string>();
  const positionals: string[] = [];
  let into = positionals;
  for (const token of tokens) {
    if (token.kind === 'positional') into.push(token.value);
    if (token.kind !== 'option') continue;
    const kind = kinds.get(token.name);
    if (kind === 'list') into = found[token.name] ??= [];
    if (kind === 'list') into.push(token.value ?? '');
    else if (kind === 'flag') given.add(token.name);
    else said[token.name] = token.value ?? '';
  }
  for (const option of options) holdChoice(option, said[option.name]);
  return { values: said, flags: given, positionals, lists: found };
}

function parserOf({ kind, short }: Option) {
  const type = kind === 'flag' ? ('boolean' as const) : ('string' as const);
  return { type, multiple: kind === 'list', ...(short === undefined ? {} : { short }) };
}

function holdChoice({ name, choices }: Option, value: string | undefined): void {
  if (value === undefined || choices === undefined || choices.includes(value)) return;
  throw new SluiceError('malformed', `--${name} ${JSON.stringify(value)}: use one of ${choices.join(', ')}`);
}

type Token =
  | { readonly kind: 'option'; readonly name: string; readonly value: string | undefined }
  | { readonly kind: 'positional'; readonly value: string }
  | { readonly kind: 'option-terminator' };

function parse(config: ParseArgsConfig): { tokens: readonly Token[] } {
  try {
    return parseArgs(config) as unknown as { tokens: readonly Token[] };
  } catch (error) {
    const [first = ''] = (error as Error).message.split('. To specify');
    throw new SluiceError('malformed', `${first.replace(/[.\n]$/, '')}; --help tells what there is`, [], {
      cause: error,
    });
  }
}

/** The value of an option that has these choices: readWords lets no other pass. */
export function choiceOf<T extends string>({ values }: Words, name: string, choices: readonly T[]): T | undefined {
  return choices.find((choice) => choice === values[name]);
}

/** The words that are no options, as many as `names`, the last ones of which (those in brackets) may be missing. Refuses more and fewer. */
export function namedWords({ positionals }: Words, ...names: readonly string[]): readonly (string | undefined)[] {
  const needed = names.filter((name) => !name.startsWith('['));
  if (positionals.length >= needed.length && positionals.length <= names.length) return positionals;
  const more =
    positionals.length > names.length ? `${JSON.stringify(positionals[names.length])} is one word too many` : '';
  const wanted = `say ${needed.length === 0 ? 'nothing more' : (needed[positionals.length] ?? '')}`;
  throw new SluiceError('malformed', `${more || wanted}: ${names.join(' ')}; --help tells more`);
}
