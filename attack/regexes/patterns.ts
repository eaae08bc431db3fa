import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** A regular expression of the program. One that is put together where it runs has its text instead of a pattern. */
export type Pattern = Place &
  (
    | { readonly kind: 'fixed'; readonly source: string; readonly flags: string }
    | { readonly kind: 'made'; readonly text: string }
  );

interface Place {
  readonly file: string;
  readonly line: number;
}

const GENERATED = /(^|[/\\])generated[/\\]/;

/** Every regular expression in the TypeScript files of a folder, but for generated ones: literals, `new RegExp` and `RegExp`. */
export function patternsOf(folder: string): Pattern[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const own = files.filter((file) => !GENERATED.test(file)).sort();
  return own.flatMap((file) => patternsIn(file, readFileSync(join(folder, file), 'utf8')));
}

/**
 * The same of one file, by its syntax tree: what only looks like one in a text or a comment is none.
 * @example patternsIn('x.ts', 'const x = /a+/g;') // [{ kind: 'fixed', source: 'a+', flags: 'g', file: 'x.ts', line: 1 }]
 */
export function patternsIn(file: string, text: string): Pattern[] {
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  const found: Pattern[] = [];
  const visit = (node: ts.Node): void => {
    const place = { file, line: tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1 };
    if (ts.isRegularExpressionLiteral(node)) found.push({ ...place, ...readLiteral(node.text) });
    else if (isConstruction(node)) found.push({ ...place, ...readConstruction(node, tree) });
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

function readLiteral(text: string): { kind: 'fixed'; source: string; flags: string } {
  const end = text.lastIndexOf('/');
  return { kind: 'fixed', source: text.slice(1, end), flags: text.slice(end + 1) };
}

type Construction = ts.NewExpression | ts.CallExpression;

function isConstruction(node: ts.Node): node is Construction {
  if (!ts.isNewExpression(node) && !ts.isCallExpression(node)) return false;
  const { expression } = node;
  return (
    (ts.isIdentifier(expression) && expression.text === 'RegExp') ||
    (ts.isPropertyAccessExpression(expression) && expression.name.text === 'RegExp')
  );
}

function readConstruction(
  node: Construction,
  tree: ts.SourceFile,
): { kind: 'fixed'; source: string; flags: string } | { kind: 'made'; text: string } {
  const [source, flags] = node.arguments ?? [];
  if (source !== undefined && ts.isStringLiteralLike(source) && (flags === undefined || ts.isStringLiteralLike(flags)))
    return { kind: 'fixed', source: source.text, flags: flags?.text ?? '' };
  return { kind: 'made', text: node.getText(tree) };
}
