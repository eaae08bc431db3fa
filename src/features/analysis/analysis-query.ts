import { z } from 'zod';
import { ANALYSIS_FORMATS } from '../../domain/analysis/formats.js';
import type { EvaluateOptions } from '../../domain/evaluate/options.js';

const flag = z.enum(['true', 'false']).optional();

/** What every question of the analysis takes: where implementations differ, and the format of the answer. */
export const analysisQuery = z.strictObject({
  ipBlockMatchesPods: flag.meta({ description: 'An ipBlock matches pods by their address (default true)' }),
  sidecarNamedPorts: flag.meta({ description: 'Named ports of restartable init containers count (default true)' }),
  namedPorts: z.enum(['union', 'first']).optional().meta({
    description:
      'Where containers of a pod reuse a port name: all of them (default), or the first (default where ipBlockMatchesPods is false)',
  }),
  ipv6: z
    .enum(['when-used', 'always', 'never'])
    .optional()
    .meta({ description: 'Whether there are IPv6 ranges in the answer (default: where a policy has an IPv6 block)' }),
  format: z.enum(ANALYSIS_FORMATS).optional().meta({ description: 'In place of Accept' }),
});
export type AnalysisQuery = z.output<typeof analysisQuery>;

/** The switches of the evaluator that the query sets. */
export function optionsOf(query: AnalysisQuery): Partial<EvaluateOptions> {
  const { ipBlockMatchesPods, sidecarNamedPorts, namedPorts, ipv6 } = query;
  return {
    ...(ipBlockMatchesPods === undefined ? {} : { ipBlockMatchesPods: ipBlockMatchesPods === 'true' }),
    ...(sidecarNamedPorts === undefined ? {} : { sidecarNamedPorts: sidecarNamedPorts === 'true' }),
    ...(namedPorts === undefined ? {} : { namedPorts }),
    ...(ipv6 === undefined ? {} : { ipv6 }),
  };
}
