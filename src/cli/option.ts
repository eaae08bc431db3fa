/** Something that a command can be told, as `--format json`. Commands read no other: help, completion and docs have them from here. */
export interface Option {
  readonly name: string;
  /** One letter: `-o`. */
  readonly short?: string;
  /** Without a value, with one, or with as many words as follow. */
  readonly kind: 'flag' | 'value' | 'list';
  /** What the value is, as `<file>`. */
  readonly value?: string;
  /** What the value may be: all there is. */
  readonly choices?: readonly string[];
  readonly summary: string;
  /** A heading that it stands under with others. */
  readonly group?: string;
}
