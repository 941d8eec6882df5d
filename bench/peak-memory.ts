import { writeFileSync } from 'node:fs';

/** Preloaded with --import: leaves the most memory that the process has had, in kB, in the file that PEAK_MEMORY names. */
const { PEAK_MEMORY = '' } = process.env;
process.on('exit', () => writeFileSync(PEAK_MEMORY, String(process.resourceUsage().maxRSS)));
