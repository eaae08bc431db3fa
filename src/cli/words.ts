import { parseArgs, type ParseArgsConfig } from 'node:util';
import { SluiceError } from '../domain/errors.js';

/** The options that a command knows, and what was said of them. */
export interface Words {
  readonly values: Readonly<Record<string, string | undefined>>;
  readonly flags: ReadonlySet<string>;
  readonly positionals: readonly string[];
  /** Options that may be given often, and words right after them. */
  readonly lists: Readonly<Record<string, readonly string[] | undefined>>;
}

export interface KnownWords {
  readonly values?: readonly string[];
  readonly flags?: readonly string[];
  /** Options that take as many words as follow: `--before a.yaml b.yaml --after c.yaml`. */
  readonly lists?: readonly string[];
}

/**
 * Reads the words of a command by node's own parser. Refuses options that are not known and those without their value.
 * @example readWords(['a.yaml', '--format=csv'], { values: ['format'] }).values['format'] // 'csv'
 */
export function readWords(words: readonly string[], { values = [], flags = [], lists = [] }: KnownWords): Words {
  const options = Object.fromEntries([
    ...values.map((name) => [name, { type: 'string' as const }] as const),
    ...flags.map((name) => [name, { type: 'boolean' as const }] as const),
    ...lists.map((name) => [name, { type: 'string' as const, multiple: true }] as const),
  ]);
  const { tokens } = parse({ args: [...words], options, allowPositionals: true, strict: true, tokens: true });
  const said: Record<string, string> = {};
  const found: Record<string, string[]> = {};
  const given = new Set<string>();
  const positionals: string[] = [];
  let into = positionals;
  for (const token of tokens) {
    if (token.kind === 'positional') into.push(token.value);
    if (token.kind !== 'option') continue;
    if (lists.includes(token.name)) into = found[token.name] ??= [];
    if (lists.includes(token.name)) into.push(token.value ?? '');
    else if (flags.includes(token.name)) given.add(token.name);
    else said[token.name] = token.value ?? '';
  }
  return { values: said, flags: given, positionals, lists: found };
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

/** The value of an option, one of `choices`. Refuses any other, naming them. */
export function choiceOf<T extends string>({ values }: Words, name: string, choices: readonly T[]): T | undefined {
  const value = values[name];
  const found = choices.find((choice) => choice === value);
  if (value === undefined || found !== undefined) return found;
  throw new SluiceError('malformed', `--${name} ${JSON.stringify(value)}: use one of ${choices.join(', ')}`);
}
