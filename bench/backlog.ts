import { withAttempt } from '../lambda/firing/firing.ts';
import { newFiring } from '../lambda/firing/new-firing.ts';
import { checkAt } from '../lambda/firing/transition.ts';
import { LIMITS } from '../lambda/runtime/limits.ts';
import { sweep } from '../lambda/sweep/sweep.ts';
import { coreOn, NIGHTLY } from '../test/support/fixture.ts';
import { startMemoryLedger } from '../test/support/memory-ledger.ts';
import { startRemoteApi } from '../test/support/remote-api.ts';

/** Sweeps over this many open firings, half of them due and half unknown, against a ledger and an API in this process. */
const FIRINGS = 5_000;
/** What Lambda gives the sweep (lib/stack/sweep-function.ts). */
const TIME_LIMIT_MS = 100_000;

console.info = () => {};
console.error = () => {};
const now = () => new Date();
const memory = await startMemoryLedger();
const api = await startRemoteApi({ now });
const core = { ...coreOn(memory, api, { now }), limits: LIMITS };
for (let index = 0; index < FIRINGS; index += 1) await recordOpen(index);
api.executions.splice(0);

const idle = process.memoryUsage().rss;
let most = idle;
const watch = setInterval(() => {
  most = Math.max(most, process.memoryUsage().rss);
}, 20);
const begun = performance.now();
let sweeps = 0;
let advanced = 0;
while (advanced < FIRINGS) {
  const summary = await sweep(core, new Date(Date.now() + TIME_LIMIT_MS));
  sweeps += 1;
  advanced += summary.advanced;
  if (summary.failed > 0) throw new Error(`${summary.failed} firings failed`);
}
clearInterval(watch);
const seconds = (performance.now() - begun) / 1000;
console.log(`${FIRINGS} open firings: ${sweeps} sweep(s), ${seconds.toFixed(1)} s`);
console.log(
  `${(FIRINGS / seconds).toFixed(0)} firings per second, ledger and API in the same process`,
);
console.log(`memory: ${mb(idle)} MB before, ${mb(most)} MB at most; ${api.posts.length} POSTs`);
await Promise.all([memory.stop(), api.stop()]);

async function recordOpen(index: number): Promise<void> {
  const at = new Date(Date.now() - 60_000);
  const cause = { kind: 'command', requestId: `r${index}` } as const;
  const runTestId = `00000000-0000-4000-8000-0000000000${String(index % 50).padStart(2, '0')}`;
  const trigger = { ...NIGHTLY, runTestId };
  const planned = newFiring({ trigger: 'nightly', cause, at }, trigger, at);
  const { firing } = await memory.ledger.record(planned);
  const sentAt = at.toISOString();
  const attempts = withAttempt([], { sentAt, settledAt: sentAt, knownExecutions: [] });
  const due = { ...planned, ...checkAt(at) };
  const half =
    index % 2 === 0 ? due : ({ ...due, runTestId, sentAt, state: 'unknown', attempts } as const);
  await memory.ledger.write(firing, half);
}

function mb(bytes: number): string {
  return (bytes / 1_048_576).toFixed(0);
}
