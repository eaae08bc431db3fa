import { z } from 'zod';

/** A longer list is refused for its length alone. */
const LIST_MAX = 256;

/**
 * The lists of an input that is refused, with undefined for each item that cannot be read.
 * @example readableLists(flowSchema, { ports: ['http', { port: 0 }] }) // { ports: ['http', undefined] }
 */
export function readableLists(schema: z.ZodObject, raw: unknown): Readonly<Record<string, readonly unknown[]>> {
  const lists: Record<string, unknown[]> = {};
  if (typeof raw !== 'object' || raw === null) return lists;
  for (const [key, field] of Object.entries(schema.shape)) {
    const list = (raw as Record<string, unknown>)[key];
    const item = itemOf(field as z.ZodType);
    if (item === undefined || !Array.isArray(list) || list.length > LIST_MAX) continue;
    lists[key] = list.map((one) => z.safeParse(item, one).data);
  }
  return lists;
}

function itemOf(field: z.ZodType): z.ZodType | undefined {
  if (field instanceof z.ZodArray) return field.element as z.ZodType;
  if (field instanceof z.ZodOptional || field instanceof z.ZodDefault) return itemOf(field.unwrap() as z.ZodType);
  return undefined;
}
