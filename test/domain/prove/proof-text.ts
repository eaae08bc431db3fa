import type { Difference, Proof } from '../../../src/domain/prove/proof.js';

/** A proof for people to read in a case file. */
export function proofText(proof: Proof): string {
  const { compared, differences, objections, caveats, differenceCount } = proof;
  const sizes = Object.entries(compared).map(([what, number]) => `${number} ${what}`);
  return [
    proof.equal ? 'equal' : 'not equal',
    `compared ${sizes.join(', ')}`,
    ...differences.map(differenceText),
    ...(differenceCount > differences.length ? [`... ${differenceCount} differences in all`] : []),
    ...objections.map(({ code, path, message }) => `objection ${code} ${path}: ${message}`),
    ...caveats.map(({ severity, code, path, message }) => `caveat (${severity}) ${code} ${path}: ${message}`),
    '',
  ].join('\n');
}

/** One line. */
export function differenceText(difference: Difference): string {
  const { kind, direction, subject, other, ports, policies, flows, profile } = difference;
  const way = direction === 'egress' ? 'to' : 'from';
  const behind = [
    ...policies.map((name) => `policy ${name}`),
    ...flows.map((name) => `flow ${name}`),
    ...profile.map((fact) => `profile ${fact}`),
  ];
  return `${kind} ${direction} of ${subject} ${way} ${other}: ${ports} [${behind.join(', ')}]`;
}
