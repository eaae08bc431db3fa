import type { NamedPort, Protocol } from '../domain/model/ports.js';

/** A named port as a row has it, of a tier or of what a placement lays over it. */
export interface PortRow {
  readonly name: string;
  readonly protocol: string;
  readonly port: number;
  readonly endPort: number | null;
}

export function toNamedPort(row: PortRow): NamedPort {
  const port = { name: row.name, protocol: row.protocol as Protocol, port: row.port };
  return row.endPort === null ? port : { ...port, endPort: row.endPort };
}
