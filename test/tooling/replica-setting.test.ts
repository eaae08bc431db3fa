import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/platform/config.js';

const DATABASE_URL = 'postgresql://sluice:hidden@db-0:5432/sluice';
const replicaOf = (SLUICE_REPLICA_URL: string) => readConfig({ DATABASE_URL, SLUICE_REPLICA_URL }).replicaUrl;

describe('SLUICE_REPLICA_URL', () => {
  it('is one server, where there is one', () => {
    expect(replicaOf('postgres://reader:hidden@db-1/sluice')).toBe('postgres://reader:hidden@db-1/sluice');
    expect(replicaOf('')).toBeUndefined();
    expect(readConfig({}).replicaUrl).toBeUndefined();
  });

  it('is never several, of which one could be asked and another read', () => {
    const several = 'postgresql://reader:hidden@db-1:5432,db-2:5432/sluice';
    expect(() => replicaOf(several)).toThrow(/^SLUICE_REPLICA_URL: use postgresql:.* with one host$/);
    expect(() => replicaOf('db-1')).toThrow(/SLUICE_REPLICA_URL/);
    expect(() => replicaOf(several)).not.toThrow(/hidden/);
  });

  it('is the standby of a database that is named', () => {
    expect(() => readConfig({ SLUICE_REPLICA_URL: 'postgresql://db-1/sluice' })).toThrow(/needs DATABASE_URL/);
  });
});
