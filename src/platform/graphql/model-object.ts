import type { Stored } from '../../store/model-store.js';
import { etagOf } from '../http/preconditions.js';

/** What GraphQL adds to an object of the model: REST says it in headers. */
export interface Versioned {
  readonly revision: number;
  readonly etag: string;
}

export type ModelObject<T> = T & Versioned;

export function modelObject<T extends object>({ value, revision }: Stored<T>): ModelObject<T> {
  return { ...value, revision, etag: etagOf(revision) };
}
