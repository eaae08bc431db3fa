import fc from 'fast-check';

/** Draws the same each time where a seed is given, as `.ci/run` does: what is red there is red because of the change. */
const seed = process.env['SLUICE_PROPERTY_SEED'];
if (seed !== undefined) fc.configureGlobal({ seed: Number(seed) });
