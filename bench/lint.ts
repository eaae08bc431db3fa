import type { Manifests } from '../src/domain/kubernetes/read-manifests.js';
import { lintManifests } from '../src/domain/lint/manifests/lint-manifests.js';
import { lintModel } from '../src/domain/lint/model/lint-model.js';
import { renderBundle } from '../src/domain/render/bundle.js';
import { generateEstate, manifestsOf } from './estate.js';
import { limitLine } from './report.js';
import { medians, printTimes, ratioOf } from './rounds.js';

const MODEL = { services: 1_500, flows: 9_300, seed: 1 };
const SMALL = { services: 150, flows: 900, seed: 1 };
const LARGE = { services: 600, flows: 3_600, seed: 1 };
/** Four times as much may take no more than so many times as long: what grows with its square would take sixteen times. */
const GROWTH = 12;
const PART_OF_RENDERING = 0.75;

/**
 * What it costs to lint the model of an estate, beside rendering it; and how much longer the manifests of an estate take that is four times as large.
 * `npm run bench -- lint [rounds]`
 */
export async function main(args: string[]): Promise<void> {
  const rounds = Number(args[0] ?? 5);
  const snapshot = generateEstate(MODEL);
  const model = medians(rounds, {
    'lint the model': () => lintModel(snapshot),
    'compile, render, write, digest': () => renderBundle(snapshot),
  });
  const [small, large]: readonly Manifests[] = [manifestsOf(SMALL), manifestsOf(LARGE)];
  const manifests = medians(rounds, {
    'lint the manifests': () => lintManifests(small!),
    'of four times as much': () => lintManifests(large!),
  });
  printTimes(new Map([...model, ...manifests]));
  const beside = ratioOf(model, 'lint the model', 'compile, render, write, digest');
  console.log(limitLine('lint / rendering, 1,500 services', beside, 'x', PART_OF_RENDERING));
  const growth = ratioOf(manifests, 'of four times as much', 'lint the manifests');
  console.log(limitLine('lint, four times as many manifests', growth, 'x', GROWTH));
  return Promise.resolve();
}
