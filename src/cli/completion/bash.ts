import type { CommandGroup } from '../command.js';
import { type Place, placesOf, quoted, spellings, valueOf } from './cases.js';

/**
 * Completion for bash, 3.2 and newer: plain cases made from the tree of commands, so that nothing is run while someone types.
 * @example writeBash(PROGRAM) // what `source <(sluice completion bash)` takes
 */
export function writeBash(program: CommandGroup): string {
  const places = placesOf(program);
  const [, ...below] = places;
  return `# Completion of ${program.name} for bash: source <(${program.name} completion bash)
_${program.name}() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD - 1]}" at=${program.name} words='' options='' i
  # bash takes --format=json for three words
  if [ "$cur" = = ]; then cur=''; elif [ "$prev" = = ]; then prev="\${COMP_WORDS[COMP_CWORD - 2]}"; fi
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$at \${COMP_WORDS[i]}" in
      ${below.map(({ path }) => quoted(path)).join(' | ')}) at="$at \${COMP_WORDS[i]}" ;;
    esac
  done
  case "$at $prev" in
${places.flatMap(valueCases).join('')}  esac
  case "$at" in
${places.map(placeCase).join('')}  esac
  case "$cur" in
    -*) COMPREPLY=($(compgen -W "$options" -- "$cur")) ;;
    *) COMPREPLY=($(compgen -W "$words" -- "$cur")) ;;
  esac
}
complete -o default -F _${program.name} ${program.name}
`;
}

/** Without an answer bash completes paths; where none is wanted it is told so. */
const NO_PATHS = 'compopt +o default 2>/dev/null';

function valueCases({ path, options }: Place): string[] {
  return options.flatMap((option) => {
    const value = valueOf(option);
    if (value === 'nothing') return [];
    const pattern = spellings(option)
      .map((spelling) => quoted(`${path} ${spelling}`))
      .join(' | ');
    const words = typeof value === 'string' ? [] : value;
    const answer = value === 'path' ? 'return' : value === 'text' ? `${NO_PATHS}; return` : `${chosen(words)}; return`;
    return [`    ${pattern}) ${answer} ;;\n`];
  });
}

function chosen(words: readonly string[]): string {
  return `COMPREPLY=($(compgen -W ${quoted(words.join(' '))} -- "$cur"))`;
}

function placeCase({ path, members, options, words }: Place): string {
  const all = typeof words === 'string' ? members.map(({ name }) => name) : words;
  const spelled = options.flatMap((option) => spellings(option)).join(' ');
  const paths = words === 'files' ? '' : `\n      ${NO_PATHS}`;
  return `    ${quoted(path)})\n      words=${quoted(all.join(' '))} options=${quoted(spelled)}${paths} ;;\n`;
}
