import type { Type } from '@nestjs/common';
import { ArgsType, Field } from '@nestjs/graphql';
import { z } from 'zod';
import { SluiceError } from '../../domain/errors.js';
import { parseInput } from '../../schema/parse.js';
import { filterText } from '../http/request.js';

/** Names of text arguments, and what each one means. */
export type TextArgs = Readonly<Record<string, string>>;

@ArgsType()
export class NoArgs {}

/** A class of arguments: those of `base`, and these texts. */
export function argsOf(base: Type<object>, texts: TextArgs, presence: 'required' | 'optional'): Type<object> {
  @ArgsType()
  class Args extends base {}
  for (const [name, description] of Object.entries(texts))
    Field(() => String, { nullable: presence === 'optional', description })(Args.prototype, name);
  return Args;
}

/** The arguments that a schema speaks of, held to the rules that REST's query strings keep. Refuses (malformed) naming each. */
export function readArgs<S extends z.ZodObject>(schema: S, args: object): z.output<S> {
  const { value, problems } = parseInput(schema, args);
  if (value !== undefined) return value;
  const named = problems.map((problem) => problem.pointer.slice(2)).join(', ');
  throw new SluiceError('malformed', `the arguments are wrong at ${named}: ${problems[0]?.detail ?? ''}`, problems);
}

/** The filters among the arguments of a list, of those that were given. */
export function filtersOf<K extends string>(texts: Readonly<Record<K, string>>, args: object): { [F in K]?: string } {
  const schema = z.object(Object.fromEntries(Object.keys(texts).map((name) => [name, filterText.nullish()])));
  const given = Object.entries(readArgs(schema, args)).filter(([, text]) => typeof text === 'string');
  return Object.fromEntries(given) as never;
}

/** Refuses (malformed) a number that REST refuses too. */
export function holdRange(name: string, value: number | null | undefined, min: number, max: number): void {
  if (value === null || value === undefined || (value >= min && value <= max)) return;
  const detail = `use a whole number from ${min} to ${max}`;
  const problem = { pointer: `#/${name}`, code: 'invalid', detail, value };
  throw new SluiceError('malformed', `the arguments are wrong at ${name}: ${detail}`, [problem]);
}
