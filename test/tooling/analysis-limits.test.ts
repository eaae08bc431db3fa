import fastify from 'fastify';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/platform/config.js';
import { registerBodyParsers } from '../../src/platform/http/body-parsers.js';

const MIB = 1024 * 1024;

describe('how much the analysis takes', () => {
  test('64 MiB of JSON and 16 MiB of YAML, where nothing else is set', () => {
    expect(readConfig({}).analysis).toEqual({ jsonMib: 64, yamlMib: 16 });
    const env = { SLUICE_ANALYSIS_JSON_MIB: '8', SLUICE_ANALYSIS_YAML_MIB: '2' };
    expect(readConfig(env).analysis).toEqual({ jsonMib: 8, yamlMib: 2 });
    expect(() => readConfig({ SLUICE_ANALYSIS_YAML_MIB: 'much' })).toThrow(
      'SLUICE_ANALYSIS_YAML_MIB="much": use a whole number from 1 to 256',
    );
  });

  test('each kind of body has its own limit', async () => {
    const server = fastify();
    registerBodyParsers(server, { jsonMib: 3, yamlMib: 2 });
    server.post('/v1/analysis/connections', () => 'taken');
    const send = async (type: string, payload: string) =>
      (
        await server.inject({
          method: 'POST',
          url: '/v1/analysis/connections',
          headers: { 'content-type': type },
          payload,
        })
      ).body;
    expect(await send('application/yaml', 'x'.repeat(2 * MIB))).toBe('taken');
    expect(await send('application/yaml', 'x'.repeat(2 * MIB + 1))).toContain('2 MiB of YAML');
    expect(await send('application/json', `"${'x'.repeat(3 * MIB - 2)}"`)).toBe('taken');
    expect(await send('application/json', `"${'x'.repeat(3 * MIB)}"`)).toContain('too large');
    await server.close();
  });
});
