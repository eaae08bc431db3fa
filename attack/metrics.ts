import type { Target } from './target.js';
import type { Client } from './wire/client.js';

/** What the server says of its own process. */
export interface Usage {
  readonly cpuSeconds: number;
  readonly residentMegabytes: number;
}

/** Asks `/metrics`; where the server is our own, what it holds is counted without what is garbage. */
export async function usageOf(target: Target, client: Client): Promise<Usage> {
  await target.collect?.();
  const { body } = await client.send({ method: 'GET', path: '/metrics', headers: {} });
  const value = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(body)?.[1] ?? NaN);
  return {
    cpuSeconds: value('process_cpu_user_seconds_total') + value('process_cpu_system_seconds_total'),
    residentMegabytes: value('process_resident_memory_bytes') / 1024 / 1024,
  };
}
