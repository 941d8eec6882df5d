import { countFiring } from './counted-firing.ts';
import { table } from './table.ts';

const HEAD = ['run', 'polls', 'API requests', 'puts', 'gets', 'write units', 'events', 'log'];

/** What one firing asks of the services, by how long its run takes. */
export async function requests(): Promise<string> {
  const rows: string[][] = [];
  for (const minutes of [2, 30, 120]) {
    const { ledger, apiRequests, polls, events, logKb } = await countFiring(minutes);
    const { puts, gets, writeUnits } = ledger;
    rows.push([
      `${minutes} min`,
      ...[polls, apiRequests, puts, gets, writeUnits, events].map(String),
      `${logKb.toFixed(1)} kB`,
    ]);
  }
  return `A nightly firing of a trigger whose runs usually take that long, from its event until its result is published: \`overlap: skip\`, followed, 10 calls, a sweep each minute, after 50 runs. Counted, so it is the same on every machine. Gets are those of the firing; write units have those of the indexes.\n\n${table(HEAD, rows)}`;
}
