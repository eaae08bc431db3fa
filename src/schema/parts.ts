import { z } from 'zod';
import { cidr, except } from '../domain/model/cidr.js';
import { labelKey, labelValue } from '../domain/model/labels.js';
import { dnsLabel } from '../domain/model/names.js';
import { PORT_MAX, PORT_MIN, portName, portNumber, portOrder, PROTOCOLS } from '../domain/model/ports.js';
import { OPERATORS, type LabelRequirement } from '../domain/model/selector.js';
import type { Violation } from '../domain/model/violation.js';
import { alwaysOfObjects, byGrammar } from './parse.js';

/** No list of the model is longer: a bound on what one request can make the server do. */
const LIST_MAX = 256;

/** Text that PostgreSQL and JSON can hold: no NUL, no lone surrogate; other control characters than tab and line end are refused too. */
export function plainText(text: string): Violation | undefined {
  const bad = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text) || !text.isWellFormed();
  return bad
    ? { code: 'plain-text', detail: 'text holds a control character or half a surrogate pair: use plain Unicode text' }
    : undefined;
}

export const text = (max: number) => z.string().max(max).superRefine(byGrammar(plainText));

export const name = z
  .string()
  .superRefine(byGrammar(dnsLabel))
  .meta({ pattern: '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$', maxLength: 63, description: 'A DNS-1123 label (RFC 1123)' });

export const labels = z
  .record(z.string().superRefine(byGrammar(labelKey)), z.string().superRefine(byGrammar(labelValue)))
  .superRefine((value, ctx) => {
    if (Object.keys(value).length > LIST_MAX)
      ctx.addIssue({ code: 'custom', message: `at most ${LIST_MAX} labels`, params: { code: 'too-big' } });
  })
  .meta({ id: 'Labels', description: 'Kubernetes labels: qualified names to values of at most 63 characters' });

const link = z
  .strictObject({
    title: text(200),
    url: z
      .url({ protocol: /^https?$/, error: 'use an address of the web, as in https://example.org/runbook' })
      .max(2000)
      .superRefine(byGrammar(plainText)),
  })
  .meta({ id: 'Link', description: 'A link for people' });

/** For people; changes nothing that is rendered. */
export const described = {
  displayName: text(200).optional(),
  description: text(4000).optional(),
  labels: labels.optional(),
  links: z.array(link).max(LIST_MAX).optional(),
};

const requirement = z
  .strictObject({
    key: z.string().superRefine(byGrammar(labelKey)),
    operator: z.enum(OPERATORS),
    values: z
      .array(z.string().superRefine(byGrammar(labelValue)))
      .max(LIST_MAX)
      .optional(),
  })
  .superRefine((value, ctx) => {
    const violation = requirementValues(value as LabelRequirement);
    if (violation)
      ctx.addIssue({ code: 'custom', path: ['values'], message: violation.detail, params: { code: violation.code } });
  }, alwaysOfObjects)
  .meta({ id: 'LabelRequirement' });

/** In and NotIn need values; Exists and DoesNotExist take none. */
function requirementValues({ operator, values }: LabelRequirement): Violation | undefined {
  const count = values?.length ?? 0;
  switch (operator) {
    case 'In':
    case 'NotIn':
      return count > 0 ? undefined : { code: 'selector-values', detail: `${operator} needs at least one value` };
    case 'Exists':
    case 'DoesNotExist':
      return count === 0 ? undefined : { code: 'selector-values', detail: `${operator} takes no values` };
    default: // not an operator at all, which is a problem of its own
      return undefined;
  }
}

export const selector = z
  .strictObject({ matchLabels: labels.optional(), matchExpressions: z.array(requirement).max(LIST_MAX).optional() })
  .meta({
    id: 'LabelSelector',
    description: 'A Kubernetes label selector: all of it must hold; the empty one matches everything',
  });

const portFields = {
  protocol: z.enum(PROTOCOLS).default('TCP'),
  port: z.number().superRefine(byGrammar(portNumber)).meta({ type: 'integer', minimum: PORT_MIN, maximum: PORT_MAX }),
  endPort: z
    .number()
    .superRefine(byGrammar(portNumber))
    .meta({ type: 'integer', minimum: PORT_MIN, maximum: PORT_MAX })
    .optional(),
};

function inOrder(value: { port: number; endPort?: number | undefined }, ctx: z.RefinementCtx<unknown>): void {
  if (typeof value.port !== 'number' || typeof value.endPort !== 'number') return;
  const violation = portOrder(value);
  if (violation)
    ctx.addIssue({ code: 'custom', path: ['endPort'], message: violation.detail, params: { code: violation.code } });
}

export const portRange = z.strictObject(portFields).superRefine(inOrder, alwaysOfObjects).meta({
  id: 'PortRange',
  description: 'Pod ports (containerPort), never Service ports: one port, or port to endPort',
});

export const namedPort = z
  .strictObject({ name: z.string().superRefine(byGrammar(portName)).meta({ maxLength: 15 }), ...portFields })
  .superRefine(inOrder, alwaysOfObjects)
  .meta({ id: 'NamedPort', description: 'A pod port that flows refer to by name' });

export const namedPorts = z
  .array(namedPort)
  .max(LIST_MAX)
  .superRefine(
    unique('name', (port) => port.name),
    alwaysOfObjects,
  );

export const cidrText = z
  .string()
  .superRefine(byGrammar(cidr))
  .meta({ maxLength: 64, description: 'An IPv4 or IPv6 CIDR without host bits' });

export const blockFields = { cidr: cidrText, except: z.array(z.string().max(64)).max(LIST_MAX).optional() };

/** Each except must lie strictly inside the block. */
export function exceptsInside(
  value: { cidr: string; except?: string[] | undefined },
  ctx: z.RefinementCtx<unknown>,
): void {
  if (typeof value.cidr !== 'string' || !Array.isArray(value.except)) return;
  for (const [index, inner] of value.except.entries()) {
    const violation = typeof inner === 'string' ? except(value.cidr, inner) : undefined;
    if (violation)
      ctx.addIssue({
        code: 'custom',
        path: ['except', index],
        message: violation.detail,
        params: { code: violation.code },
      });
  }
}

export const cidrBlock = z
  .strictObject(blockFields)
  .superRefine(exceptsInside, alwaysOfObjects)
  .meta({ id: 'CidrBlock', description: 'The addresses of cidr without those of except' });

/** A list names each thing once. */
export function unique<T>(what: string, key: (item: T) => string): (items: T[], ctx: z.RefinementCtx<T[]>) => void {
  return (items, ctx) => {
    const seen = new Set<string>();
    for (const [index, item] of (Array.isArray(items) ? items : []).entries()) {
      const id: unknown = item === null || item === undefined ? undefined : key(item);
      if (typeof id !== 'string') continue;
      if (seen.has(id)) {
        ctx.addIssue({
          code: 'custom',
          path: [index],
          message: `${what} ${JSON.stringify(id)} stands here twice`,
          params: { code: 'duplicate' },
        });
      }
      seen.add(id);
    }
  };
}

export const names = z
  .array(name)
  .max(LIST_MAX)
  .superRefine(
    unique('name', (item) => item),
    alwaysOfObjects,
  );

/** A point in time that JavaScript, JSON and PostgreSQL all write the same way. */
export const instant = z.iso
  .datetime({ offset: true, abort: true, error: 'use a time with its zone, as in 2026-01-02T03:04:05Z' })
  .refine((text) => /^[0-9]{4}-/.test(isoOf(text)) && isoOf(text) >= '0001', 'use a time in the years 1 to 9999');

function isoOf(text: string): string {
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? '' : at.toISOString();
}
