import { cpSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { expect, inject, test } from 'vitest';
import { newFiring } from '../../lambda/firing/new-firing.ts';
import type { Ledger } from '../../lambda/ledger/ledger.ts';
import { pauseTrigger, resumeTrigger } from '../../lambda/policies/pause.ts';
import type { SynthesizedLocally } from '../../lib/local/assembly/synthesize-locally.ts';
import type { LocalRun } from '../../lib/local/local-run.ts';
import { openLedgerOf } from '../../lib/sdk-ledger.ts';
import { captureLog } from '../support/captured-log.ts';
import { NIGHTLY } from '../support/fixture.ts';
import { runFixture } from '../support/local-run.ts';
import { ledgerClient } from '../support/operator.ts';
import { rtt } from '../support/terminal.ts';
import { temporaryDirectory } from './hand-written-stack.ts';

/** Of a triggers file with another text: in what the function command reads. */
function withChangedCommand(
  { assembly, ...stack }: SynthesizedLocally,
  from: string,
  to: string,
): SynthesizedLocally {
  const assetDirectory = temporaryDirectory();
  const functions = assembly.functions.map((fn) => {
    if (fn.label !== 'command') return fn;
    cpSync(fn.assetDirectory, assetDirectory, { recursive: true });
    return { ...fn, assetDirectory };
  });
  const changed = globSync(join(assetDirectory, '**/*.json')).filter((file) =>
    readFileSync(file, 'utf8').includes(from),
  );
  expect(changed).not.toEqual([]);
  for (const file of changed) {
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(from, to));
  }
  return { ...stack, assembly: { ...assembly, functions } };
}

async function ledgerIn(stateDirectory: string): Promise<Ledger> {
  const client = await ledgerClient(stateDirectory);
  const { TableNames } = await client.send(new ListTablesCommand({}));
  return openLedgerOf(client, TableNames?.[0] ?? '');
}

test('pauses, spent budgets and the firings of a removed trigger survive a changed triggers file', async () => {
  captureLog();
  const stateDirectory = join(temporaryDirectory(), 'state');
  const started = async (run: LocalRun) => {
    const fire = async () => JSON.stringify(await run.fire('budgeted'));
    const ledger = await ledgerIn(stateDirectory);
    return { run, fire, core: { ledger, now: () => new Date(), random: () => 0 } };
  };
  const first = await started(await runFixture('local-run', { stateDirectory }));
  expect(await first.fire()).toContain('started');
  await pauseTrigger({ trigger: 'budgeted', by: 'ada', reason: 'Too dear.' }, first.core);
  expect(await first.fire()).toContain('Too dear.');
  const at = first.core.now();
  const cause = { kind: 'command', requestId: 'r' } as const;
  const due = newFiring({ trigger: 'removed', cause, at }, NIGHTLY, at);
  await first.core.ledger.record({ ...due, state: 'skipped', reason: 'Not free' });
  await first.run.stop();

  const { triggers, 'local-run': before } = inject('stacks');
  expect(before.assembly.tables).toEqual(triggers.assembly.tables);
  const changed = withChangedCommand(before, 'cron(0 5 ', 'cron(0 6 ');
  const second = await started(
    await runFixture('local-run', { stateDirectory, synthesize: async () => changed }),
  );
  expect(await second.fire()).toContain('Too dear.');
  await resumeTrigger({ trigger: 'budgeted', by: 'ada', reason: 'Paid.' }, second.core);
  expect(await second.fire()).toContain('1 of 1 runs are spent');
  const there = ['--local', '--state-dir', stateDirectory];
  expect(JSON.parse((await rtt(['doctor', '--json', ...there])).stdout)).toContainEqual({
    what: 'budgeted',
    found: expect.stringMatching(/^budget: 1 of 1 runs of \d{4}-\d\d are spent, so firings are/),
    ok: false,
  });
  const removed = expect.objectContaining({ id: due.id });
  const listed = async (...words: string[]) =>
    JSON.parse((await rtt(['history', ...words, '--json', ...there])).stdout);
  expect(await listed('--all')).toContainEqual(removed);
  expect(await listed('removed')).toEqual([removed]);
  expect(await listed('removed', '--result', 'passed')).toEqual([]);
  expect(await rtt(['history', 'remove', ...there])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('No trigger "remove". There are: '),
  });
  expect(await rtt(['pause', 'removed', '--reason', 'why', ...there])).toMatchObject({ code: 0 });
  await second.run.stop();
});
