import { withAttempt } from '../lambda/firing/firing.ts';
import { newFiring } from '../lambda/firing/new-firing.ts';
import { checkAt } from '../lambda/firing/transition.ts';
import { NIGHTLY } from '../test/support/fixture.ts';
import { startMemoryLedger } from '../test/support/memory-ledger.ts';
import { startRemoteApi } from '../test/support/remote-api.ts';

/** A ledger with this many open firings, half of them due and half unknown, and an API, in a process of their own. */
const count = Number(process.argv[2]);
const memory = await startMemoryLedger('http');
const api = await startRemoteApi({ now: () => new Date() });
for (let index = 0; index < count; index += 1) await recordOpen(index);
const { hostname, port } = (await memory.client.config.endpoint?.()) ?? {};
process.send?.({ ledger: `http://${hostname}:${port}`, api: api.url });
// The process that started it is gone.
process.on('disconnect', () => process.exit());

async function recordOpen(index: number): Promise<void> {
  const at = new Date(Date.now() - 60_000);
  const cause = { kind: 'command', requestId: `r${index}` } as const;
  const runTestId = `00000000-0000-4000-8000-0000000000${String(index % 50).padStart(2, '0')}`;
  const trigger = { ...NIGHTLY, runTestId, startDeadlineMinutes: 360 };
  const planned = newFiring({ trigger: 'nightly', cause, at }, trigger, at);
  const { firing } = await memory.ledger.record(planned);
  const sentAt = at.toISOString();
  const attempts = withAttempt([], { sentAt, settledAt: sentAt, knownExecutions: [] });
  const due = { ...planned, ...checkAt(at) };
  const half =
    index % 2 === 0 ? due : ({ ...due, runTestId, sentAt, state: 'unknown', attempts } as const);
  await memory.ledger.write(firing, half);
}
