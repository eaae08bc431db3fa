import { registerEnumType } from '@nestjs/graphql';

/** A union of string literals as an enum of the schema. GraphQL has no dashes in names: `too-much` is `too_much` there. */
export function enumOf(name: string, values: readonly string[], description: string): object {
  const members = Object.fromEntries(values.map((value) => [value.replaceAll('-', '_'), value]));
  registerEnumType(members, { name, description });
  return members;
}
