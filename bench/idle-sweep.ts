import { sweep } from '../lambda/sweep/sweep.ts';
import { watchSchedules } from '../lambda/sweep/watch-schedules.ts';
import { parseExpression } from '../lib/config/schedule-expression.ts';
import { clockAt } from '../test/support/clock.ts';
import { configOf } from '../test/support/config-of.ts';
import { countRequests } from '../test/support/counted-requests.ts';
import { coreOn, NIGHTLY } from '../test/support/fixture.ts';
import { startMemoryLedger } from '../test/support/memory-ledger.ts';
import { median, table } from './table.ts';

const ROUNDS = 101;

/** What a minute costs in which nothing is due. */
export async function idleSweep(): Promise<string> {
  console.info = () => {};
  const few = await measure(10);
  const many = await measure(10_000);
  const rows = [few, many].map(({ count, ms, requests }) => [
    count.toLocaleString('en'),
    `${ms.toFixed(2)} ms`,
    `${(ms / few.ms).toFixed(2)} ×`,
    `${requests.gets} + ${requests.queries}`,
    String(requests.puts),
  ]);
  const head = ['schedules', 'watch and sweep', 'to the first', 'gets + queries', 'puts'];
  return `Medians of ${ROUNDS}, in a process of its own, with a DynamoDB-compatible ledger in it.\n\n${table(head, rows)}`;
}

async function measure(count: number) {
  const clock = clockAt('2026-11-24T12:00:00Z');
  const memory = await startMemoryLedger();
  const core = coreOn(memory, { url: 'http://none' }, clock);
  const files = configOf(
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [
        `trigger-${index}`,
        { ...NIGHTLY, schedules: [scheduleAt(index % 60)] },
      ]),
    ),
  );
  const once = async () => {
    await watchSchedules(files, core);
    await sweep(core, new Date(clock.now().getTime() + 90_000));
  };
  await once();
  const requests = countRequests(memory.client);
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    requests.take();
    const begun = performance.now();
    await once();
    times.push(performance.now() - begun);
  }
  const asked = requests.take();
  await memory.stop();
  return { count, ms: median(times), requests: asked };
}

function scheduleAt(minute: number) {
  return {
    ...parseExpression(`cron(${minute} 2 * * ? *)`),
    name: 'early',
    timezone: 'Europe/Berlin',
    flexibleWindowMinutes: 0,
    enabled: true,
  };
}
