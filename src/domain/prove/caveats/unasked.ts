import type { Finding } from '../../finding.js';
import type { Declared } from '../declared/declared.js';
import { isNobody } from '../pods/pod-set.js';
import type { ChosenProbes } from '../probes/choose-probes.js';
import { caveat } from './caveat.js';

/** What could not be asked, or not searched to the end. */
export function unaskedCaveats({ tiers }: Declared, { missed, open }: ChosenProbes): Finding[] {
  const empty = tiers.filter(({ set }) => isNobody(set));
  const contradictory = empty.map(({ ref, namespace }) => {
    const message = `the pod selector of tier "${ref}" in namespace "${namespace}" contradicts itself: it has no pods to ask about`;
    return caveat('selector-matches-nothing', `tier/${ref}`, message);
  });
  const notAsked = `${missed} sets of pods were not asked about: there were too many namespaces that would need labels in more ways than one`;
  const givenUp = `${open} searches for pods that the two sides treat differently were given up: for those sides the proof holds for the pods it asked about`;
  return [
    ...contradictory,
    ...(missed === 0 ? [] : [caveat('not-asked', 'probes', notAsked, 'info')]),
    ...(open === 0 ? [] : [caveat('search-given-up', 'probes', givenUp, 'info')]),
  ];
}
