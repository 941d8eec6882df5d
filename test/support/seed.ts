import * as fc from 'fast-check';

/** The same cases in every run, so that none fails by chance; fast-check prints it with a failure. */
const SEED = 20_261_124;

const { FC_SEED = SEED } = process.env;
fc.configureGlobal(FC_SEED === 'random' ? {} : { seed: Number(FC_SEED) });
