import { register } from 'node:module';
import { MUTANTS } from './all.js';
import { mutated } from './mutant.js';

/** Loaded before a server (`--import`): from here on its modules are those of the mutant that SLUICE_FAULTS_MUTANT names. Worker threads load it too. */
const mutant = MUTANTS.find(({ name }) => name === process.env['SLUICE_FAULTS_MUTANT']);
if (mutant === undefined) throw new Error(`no mutant is called ${process.env['SLUICE_FAULTS_MUTANT']}`);
register('./hooks.js', import.meta.url, { data: mutated(mutant) });
