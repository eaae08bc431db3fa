import { registerEnumType } from '@nestjs/graphql';

/** A union of string literals as an enum of the schema. */
export function enumOf<T extends string>(name: string, values: readonly T[], description: string): Record<T, T> {
  const members = Object.fromEntries(values.map((value) => [value, value])) as Record<T, T>;
  registerEnumType(members, { name, description });
  return members;
}
