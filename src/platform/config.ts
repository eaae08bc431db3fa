import { resolve } from 'node:path';
import { cidr } from '../domain/model/cidr.js';
import { KEEP_DAYS_MAX, KEEP_VERSIONS_MAX, type RetentionRule } from '../domain/retention.js';
import { ANALYSIS_LIMITS, type AnalysisLimits } from './analysis-limits.js';
import { DEPLOYMENT_DAYS } from './deployment-days.js';
import { DELIVERY_DAYS } from './delivery-days.js';
import { databasePlaces } from '../store/database-url.js';

/** Everything the process takes from its environment, read once. No other file reads process.env. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** Not set: an embedded PostgreSQL in `dataDir`. */
  readonly databaseUrl: string | undefined;
  /** A standby of that database, for reads that say how new an answer must be. */
  readonly replicaUrl: string | undefined;
  readonly dataDir: string;
  /** Load the small example into an empty embedded database. */
  readonly demo: boolean;
  readonly logLevel: string;
  /** Connections to PostgreSQL that this process may hold. */
  readonly poolSize: number;
  /** How many seconds a request may take, before it is answered that it took too long. */
  readonly deadlineSeconds: number;
  /** How many seconds a start waits for a database that does not answer. */
  readonly databaseWaitSeconds: number;
  /** For how many minutes published versions are served from memory while the database does not answer. */
  readonly graceMinutes: number;
  readonly analysis: AnalysisLimits;
  /** After how many days a cluster that says nothing is taken to be gone. */
  readonly deploymentDays: number;
  /** Which versions retention keeps, where it is not told; with neither field, all. */
  readonly retention: RetentionRule;
  readonly keys: KeySettings;
  readonly webhooks: WebhookConfig;
  /** Where clients find this service, without a slash at the end; it cannot know that itself behind a proxy. */
  readonly publicUrl: string | undefined;
  readonly version: string;
}

/** Where the keys come from that sign what is published: each is PEM, or the paths of files with PEM, joined by commas. */
export interface KeySettings {
  readonly release: string | undefined;
  readonly attestation: string | undefined;
  /**
   * Make and keep them in `dataDir` where none are given. Processes that share a database do not share that folder: with `databaseUrl` each
   * would sign with a key of its own, so there it must be asked for.
   */
  readonly generate: boolean;
}

/** How receivers are told of what is published. */
export interface WebhookConfig {
  /** CIDRs of networks that are not global, and may be sent to all the same. */
  readonly allow: readonly string[];
  /** After how many days a delivery is forgotten. */
  readonly days: number;
  /** What secrets are sealed with: base64 of 32 bytes, or the paths of files with that, joined by commas; the first seals, all open. */
  readonly keys: string | undefined;
}

/**
 * Reads the settings of the README's table.
 * @throws Error naming the variable and the value where one cannot be used.
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const host = env['HOST'] || '127.0.0.1';
  const port = whole(env, 'PORT', 3000, 0, 65535);
  return {
    host,
    port,
    databaseUrl: databaseUrl(env['DATABASE_URL']),
    replicaUrl: replicaUrl(env),
    dataDir: resolve(env['SLUICE_DATA_DIR'] || '.sluice'),
    demo: env['SLUICE_DEMO'] !== 'off',
    logLevel: oneOf(env, 'SLUICE_LOG_LEVEL', ['warn', 'silent', 'fatal', 'error', 'info', 'debug', 'trace']),
    poolSize: whole(env, 'SLUICE_POOL_SIZE', 10, 2, 200),
    deadlineSeconds: whole(env, 'SLUICE_DEADLINE_SECONDS', 60, 1, 3600),
    databaseWaitSeconds: whole(env, 'SLUICE_DATABASE_WAIT_SECONDS', 60, 0, 86_400),
    graceMinutes: whole(env, 'SLUICE_GRACE_MINUTES', 15, 0, 1440),
    analysis: {
      jsonMib: whole(env, 'SLUICE_ANALYSIS_JSON_MIB', ANALYSIS_LIMITS.jsonMib, 1, 256),
      yamlMib: whole(env, 'SLUICE_ANALYSIS_YAML_MIB', ANALYSIS_LIMITS.yamlMib, 1, 256),
    },
    deploymentDays: whole(env, 'SLUICE_DEPLOYMENT_DAYS', DEPLOYMENT_DAYS, 1, 3650),
    retention: {
      keepVersions: wholeIfGiven(env, 'SLUICE_KEEP_VERSIONS', 1, KEEP_VERSIONS_MAX),
      keepDays: wholeIfGiven(env, 'SLUICE_KEEP_DAYS', 0, KEEP_DAYS_MAX),
    },
    keys: {
      release: env['SLUICE_RELEASE_KEYS'] || undefined,
      attestation: env['SLUICE_ATTESTATION_KEYS'] || undefined,
      generate: oneOf(env, 'SLUICE_GENERATE_KEYS', env['DATABASE_URL'] ? ['off', 'on'] : ['on', 'off']) === 'on',
    },
    webhooks: {
      allow: cidrs(env, 'SLUICE_WEBHOOK_ALLOW'),
      days: whole(env, 'SLUICE_WEBHOOK_DAYS', DELIVERY_DAYS, 1, 3650),
      keys: env['SLUICE_WEBHOOK_KEYS'] || undefined,
    },
    publicUrl: publicUrl(env['SLUICE_PUBLIC_URL']),
    version: '0.1.0',
  };
}

/** Its value holds a password, so it is not repeated. */
function databaseUrl(text: string | undefined): string | undefined {
  if (!text) return undefined;
  try {
    databasePlaces(text);
    return text;
  } catch (error) {
    throw new Error(`DATABASE_URL: ${(error as Error).message}`, { cause: error });
  }
}

/** What one server has replayed is not what another has: so it is one, and not a name behind which there are several. */
function replicaUrl(env: NodeJS.ProcessEnv): string | undefined {
  const text = env['SLUICE_REPLICA_URL'];
  if (!text) return undefined;
  if (!env['DATABASE_URL']) throw new Error('SLUICE_REPLICA_URL: needs DATABASE_URL, which it is a standby of');
  if (/^postgres(ql)?:\/\/[^,]+$/.test(text)) return text;
  throw new Error('SLUICE_REPLICA_URL: use postgresql://user:password@host:port/database, with one host');
}

function publicUrl(text: string | undefined): string | undefined {
  if (!text) return undefined;
  if (URL.canParse(text) && /^https?:\/\/[^/?#@]+\/?$/.test(text)) return text.replace(/\/$/, '');
  throw new Error(`SLUICE_PUBLIC_URL=${JSON.stringify(text)}: use https://host or https://host:port, without a path`);
}

function cidrs(env: NodeJS.ProcessEnv, name: string): string[] {
  const texts = (env[name] ?? '').split(',').map((text) => text.trim());
  const given = texts.filter((text) => text !== '');
  const wrong = given.map((text) => cidr(text)).find((violation) => violation !== undefined);
  if (wrong === undefined) return given;
  throw new Error(`${name}=${JSON.stringify(env[name])}: ${wrong.detail}`);
}

function whole(env: NodeJS.ProcessEnv, name: string, otherwise: number, min: number, max: number): number {
  return wholeIfGiven(env, name, min, max) ?? otherwise;
}

function wholeIfGiven(env: NodeJS.ProcessEnv, name: string, min: number, max: number): number | undefined {
  const text = env[name];
  if (text === undefined || text === '') return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new Error(`${name}=${JSON.stringify(text)}: use a whole number from ${min} to ${max}`);
}

function oneOf(env: NodeJS.ProcessEnv, name: string, choices: readonly [string, ...string[]]): string {
  const text = env[name] || choices[0];
  if (choices.includes(text)) return text;
  throw new Error(`${name}=${JSON.stringify(text)}: use one of ${choices.join(', ')}`);
}
