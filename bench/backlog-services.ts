import { type Firing, withAttempt } from '../lambda/firing/firing.ts';
import { newFiring } from '../lambda/firing/new-firing.ts';
import { checkAt } from '../lambda/firing/transition.ts';
import { NIGHTLY } from '../test/support/fixture.ts';
import { startHttpLedger } from '../test/support/memory-ledger.ts';
import { startRemoteApi } from '../test/support/remote-api.ts';

/** A ledger with this many open firings, half of them due and half unknown, and an API, in a process of their own. */
/** Each with a run test of its own. */
const TRIGGERS = 50;
const count = Number(process.argv[2]);
const memory = await startHttpLedger();
const api = await startRemoteApi({ now: () => new Date() });
const at = new Date();
// Several at once: one process serves and asks.
const indexes = Array.from({ length: count }, (_, index) => index).values();
const record = async () => {
  for (const index of indexes) await memory.ledger.record(openFiring(index));
};
await Promise.all(Array.from({ length: 16 }, record));
process.send?.({ ledger: memory.url, api: api.url });
// The process that started it is gone.
process.on('disconnect', () => process.exit());

function openFiring(index: number): Firing {
  const cause = { kind: 'command', requestId: `r${index}` } as const;
  const number = String(Math.floor(index / 2) % TRIGGERS).padStart(12, '0');
  const runTestId = `00000000-0000-4000-8000-${number}`;
  const trigger = { ...NIGHTLY, runTestId, startDeadlineMinutes: 360 };
  const due = { ...newFiring({ trigger: `t${number}`, cause, at }, trigger, at), ...checkAt(at) };
  if (index % 2 === 0) return due;
  const sentAt = at.toISOString();
  const attempts = withAttempt([], { sentAt, settledAt: sentAt, knownExecutions: [] });
  return { ...due, runTestId, sentAt, state: 'unknown', attempts };
}
