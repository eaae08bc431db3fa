import { z } from 'zod';

/**
 * JSON Merge Patch, RFC 7396, over what a schema describes: fields of the patch replace those of the target, null removes, objects merge,
 * anything else replaces whole. One thing is not as in the RFC, which knows no null that is a value: where the schema takes null as a value
 * (`profile.dns`: no DNS rule), null in a patch is that value, so that it never means one thing in a PUT and another in a PATCH.
 * @example mergePatch({ a: 1, b: { c: 2 } }, { a: null, b: { d: 3 } }) // { b: { c: 2, d: 3 } }
 */
export function mergePatch(target: unknown, patch: unknown, schema?: z.ZodType): unknown {
  if (!isObject(patch)) return patch;
  const shape = shapeOf(schema);
  const fields = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [key, value] of Object.entries(patch)) {
    const field = Object.hasOwn(shape, key) ? shape[key] : undefined;
    if (value === null && !takesNull(field)) fields.delete(key);
    else fields.set(key, mergePatch(fields.get(key), value, field));
  }
  return Object.fromEntries(fields);
}

function takesNull(schema: z.ZodType | undefined): boolean {
  return schema !== undefined && z.safeParse(schema, null).success;
}

/** The fields of an object, also of one that may be absent, null or have a default. */
function shapeOf(schema: z.ZodType | undefined): Readonly<Record<string, z.ZodType>> {
  if (schema instanceof z.ZodObject) return schema.shape as Record<string, z.ZodType>;
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return shapeOf(schema.unwrap() as z.ZodType);
  return {};
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
