import type { Snapshot } from '../../../src/domain/model/snapshot.js';
import { renderBundle } from '../../../src/domain/render/bundle.js';
import { wholeYaml } from '../../../src/domain/render/yaml.js';

export const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

/** The YAML stream of a snapshot, as a text to read and to spoil. */
export const renderedText = (snapshot: Snapshot): string => textOf(wholeYaml(renderBundle(snapshot)));
