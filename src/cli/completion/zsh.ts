import type { CommandGroup } from '../command.js';
import { type Place, placesOf, quoted, spellings, valueOf } from './cases.js';

/**
 * Completion for zsh, with a word about each command and option. Works as a file _sluice in $fpath, and sourced.
 * https://zsh.sourceforge.io/Doc/Release/Completion-System.html
 */
export function writeZsh(program: CommandGroup): string {
  const places = placesOf(program);
  const [, ...below] = places;
  return `#compdef ${program.name}
# Completion of ${program.name} for zsh: source <(${program.name} completion zsh)
_${program.name}() {
  local at=${program.name} word
  local -a found
  local cur="\${words[CURRENT]}" prev="\${words[CURRENT-1]}"
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$at $word" in
      (${below.map(({ path }) => quoted(path)).join('|')}) at="$at $word" ;;
    esac
  done
  case "$at $prev" in
${places.flatMap(valueCases).join('')}  esac
  case "$at" in
${places.map(placeCase).join('')}  esac
}
if [ "\${funcstack[1]}" = _${program.name} ]; then
  _${program.name} "$@"
else
  compdef _${program.name} ${program.name}
fi
`;
}

function valueCases({ path, options }: Place): string[] {
  return options.flatMap((option) => {
    const value = valueOf(option);
    if (value === 'nothing') return [];
    const pattern = spellings(option)
      .map((spelling) => quoted(`${path} ${spelling}`))
      .join('|');
    const words = typeof value === 'string' ? [] : value;
    const answer =
      value === 'path'
        ? '_files'
        : value === 'text'
          ? '_message value'
          : `found=(${list(words)}); _describe value found`;
    return [`    (${pattern}) ${answer}; return ;;\n`];
  });
}

function placeCase({ path, members, options, words }: Place): string {
  const spelled = options.flatMap((option) => spellings(option).map((name) => described(name, option.summary)));
  const anyOption = `found=(${list(spelled)}); _describe -o option found`;
  const other =
    typeof words !== 'string'
      ? `found=(${list(words)}); _describe word found`
      : members.length > 0
        ? `found=(${list(members.map(({ name, summary }) => described(name, summary)))}); _describe command found`
        : words === 'files'
          ? '_files'
          : '_message word';
  return `    (${quoted(path)}) if [[ "$cur" == -* ]]; then ${anyOption}; else ${other}; fi ;;\n`;
}

function list(words: readonly string[]): string {
  return words.map(quoted).join(' ');
}

/** What stands before the first colon is completed, what stands behind it is told. */
function described(name: string, summary: string): string {
  return `${name.replaceAll(':', '\\:')}:${summary}`;
}
