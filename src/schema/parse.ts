import { z } from 'zod';
import { moreProblems, type Problem, PROBLEMS_MAX, refuse } from '../domain/errors.js';
import { quote } from '../domain/model/names.js';
import type { Grammar } from '../domain/model/violation.js';

/** The parts of an input that are right on their own, and everything that is wrong with the rest. */
export interface Parsed<T> {
  readonly value: T | undefined;
  /** The top-level fields that parse, so that rules over several fields can speak in the same refusal. */
  readonly parts: Partial<T>;
  readonly problems: readonly Problem[];
}

/**
 * Reads a client's input by its schema. Nothing is thrown: problems of shape are collected, with a JSON pointer and the value met,
 * so that the caller can add what only the store knows (unknown references) and refuse once.
 * @example parseInput(teamSchema, { name: 'Shop' }).problems // [{ pointer: '#/name', code: 'dns-label', ... }]
 */
export function parseInput<S extends z.ZodObject>(schema: S, raw: unknown): Parsed<z.output<S>> {
  const result = schema.safeParse(raw, { error: plainly });
  if (result.success) return { value: result.data, parts: result.data, problems: [] };
  const problems = result.error.issues.slice(0, PROBLEMS_MAX).flatMap((issue) => problemsOf(issue, raw));
  return { value: undefined, parts: partsOf(schema, raw), problems: cut(dedupe(problems)) };
}

/** As parseInput, for an input no other rule has a say in: gives the value or refuses with every problem. */
export function parseOrRefuse<S extends z.ZodObject>(schema: S, raw: unknown, what: string): z.output<S> {
  const { value, problems } = parseInput(schema, raw);
  refuse(problems, what);
  return value as z.output<S>;
}

/** A zod check from a grammar of the model: the violation's code travels in the issue's params. */
export function byGrammar<T>(grammar: Grammar<T>): (value: T, ctx: z.RefinementCtx<T>) => void {
  return (value, ctx) => {
    const violation = grammar(value);
    if (violation) ctx.addIssue({ code: 'custom', message: violation.detail, params: { code: violation.code } });
  };
}

/**
 * For a rule over several fields: it speaks even where one of them is wrong on its own, so that one refusal names both.
 * Such a rule must bear fields of any type.
 */
export const alwaysOfObjects = {
  when: ({ value }: { readonly value: unknown }) => typeof value === 'object' && value !== null,
};

/** RFC 6901, in the fragment form of RFC 9457's example: `#/ports/0/port`. */
export function pointer(path: readonly PropertyKey[]): string {
  return `#${path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')}`;
}

function partsOf<S extends z.ZodObject>(schema: S, raw: unknown): Partial<z.output<S>> {
  const parts: Record<string, unknown> = {};
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return parts as Partial<z.output<S>>;
  for (const [key, field] of Object.entries(schema.shape)) {
    const part = z.safeParse(field as z.ZodType, (raw as Record<string, unknown>)[key]);
    if (part.success && part.data !== undefined) parts[key] = part.data;
  }
  return parts as Partial<z.output<S>>;
}

function problemsOf(issue: z.core.$ZodIssue, raw: unknown): Problem[] {
  const value = valueAt(raw, issue.path);
  const at = (path: readonly PropertyKey[], code: string, detail: string, met: unknown): Problem =>
    met === undefined
      ? { pointer: pointer(path), code, detail }
      : { pointer: pointer(path), code, detail, value: shorten(met) };
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.slice(0, PROBLEMS_MAX).map((key) => {
        const path = [...issue.path, key];
        return at(path, 'unknown-field', `${quote(key)} is not a field here`, valueAt(raw, path));
      });
    case 'invalid_union':
      return unionProblems(issue, raw);
    case 'invalid_key':
      return issue.issues.map((inner) => at(issue.path, codeOf(inner), inner.message, String(issue.path.at(-1))));
    case 'invalid_type':
      if (value === undefined)
        return [at(issue.path, 'required', `${fieldName(issue.path)} is required (${issue.expected})`, value)];
      return [at(issue.path, 'wrong-type', `${fieldName(issue.path)} must be ${article(issue.expected)}`, value)];
    default:
      return [at(issue.path, codeOf(issue), issue.message, value)];
  }
}

/** The branch that came nearest says what is wrong: one of the right type with a field that was given. Else all of them in one sentence. */
function unionProblems(issue: z.core.$ZodIssueInvalidUnion, raw: unknown): Problem[] {
  const value = valueAt(raw, issue.path);
  const nearest = issue.errors.filter((branch) => !branch.some((inner) => missesAll(inner, value)));
  if (nearest[0] === undefined || nearest.filter(isOnlyTooMuch).length > 1) {
    const code = value === undefined ? 'required' : 'wrong-value';
    const met = value === undefined ? {} : { value: shorten(value) };
    return [{ pointer: pointer(issue.path), code, detail: issue.message, ...met }];
  }
  return nearest[0].flatMap((inner) =>
    problemsOf({ ...inner, path: [...issue.path, ...inner.path] } as z.core.$ZodIssue, raw),
  );
}

/** Two branches of which this is true are two things at once: a flow's end that is a tier and a peer. */
function isOnlyTooMuch(branch: readonly z.core.$ZodIssue[]): boolean {
  return branch.every((inner) => inner.code === 'unrecognized_keys');
}

/** The value is of another type than the branch, or an object without any field. */
function missesAll(inner: z.core.$ZodIssue, value: unknown): boolean {
  if (inner.code !== 'invalid_type') return false;
  return inner.path.length === 0 || Object.keys(value as object).length === 0;
}

/** What would be right, where the schema itself has no words for it. */
function plainly(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_value':
      return `use ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.join(', ')}`;
    case 'too_small':
      return `use at least ${sized(issue.minimum, issue.origin)}`;
    case 'too_big':
      return `use at most ${sized(issue.maximum, issue.origin)}`;
    default:
      return undefined;
  }
}

function sized(count: number | bigint, origin: string): string {
  const units: Record<string, string> = { string: 'character', array: 'item' };
  const unit = units[origin];
  return unit === undefined ? String(count) : `${count} ${unit}${Number(count) === 1 ? '' : 's'}`;
}

function codeOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'custom' && typeof issue.params?.['code'] === 'string') return issue.params['code'];
  const names: Record<string, string> = {
    too_small: 'too-small',
    too_big: 'too-big',
    invalid_format: 'wrong-format',
    invalid_value: 'wrong-value',
    custom: 'invalid',
  };
  return names[issue.code ?? 'custom'] ?? 'invalid';
}

function fieldName(path: readonly PropertyKey[]): string {
  return path.length === 0 ? 'the body' : JSON.stringify(String(path.at(-1)));
}

function article(expected: string): string {
  return /^[aeio]/.test(expected) ? `an ${expected}` : `a ${expected}`;
}

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  let value = raw;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[step];
  }
  return value;
}

/** A refusal repeats the offending value, but never a megabyte of it. */
export function shorten(value: unknown): unknown {
  const text = JSON.stringify(value) ?? String(value);
  if (text.length <= 200) return value;
  return typeof value === 'string' ? `${value.slice(0, 197)}...` : `${text.slice(0, 197)}...`;
}

function cut(problems: readonly Problem[]): readonly Problem[] {
  if (problems.length < PROBLEMS_MAX) return problems;
  return [...problems.slice(0, PROBLEMS_MAX), moreProblems(undefined)];
}

function dedupe(problems: readonly Problem[]): Problem[] {
  const seen = new Map(problems.map((problem) => [`${problem.pointer} ${problem.code}`, problem]));
  return [...seen.values()];
}
