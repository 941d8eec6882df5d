import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openLedger } from '../../lambda/ledger/ledger.ts';
import { ledgerChecks } from '../../lib/cli/ledger-checks.ts';
import { rootCommand } from '../../lib/cli/program.ts';
import { startMemoryLedger } from '../support/memory-ledger.ts';

const TABLE = 'run-test-trigger-LedgerTable0BC12D3E-1A2B3C4D5E6F';
const DEPLOYING = readFileSync(join(import.meta.dirname, '../../docs/deploy.md'), 'utf8');

function withOptions(...args: string[]) {
  const root = rootCommand().action(() => {});
  root.parse(args, { from: 'user' });
  return { options: () => root.opts() };
}

test('a table with every index is well', async () => {
  const { ledger, stop } = await startMemoryLedger();
  onTestFinished(stop);
  expect(await ledgerChecks(ledger, TABLE, withOptions())).toEqual([]);
});

test('a table without the index of all firings is named, with the documented command', async () => {
  const { client, table, stop } = await startMemoryLedger({ without: 'recent' });
  onTestFinished(stop);
  const ledger = openLedger(client, table);
  const [check, ...others] = await ledgerChecks(ledger, TABLE, withOptions());
  expect(others).toEqual([]);
  expect(check).toMatchObject({ what: 'ledger', ok: false });
  expect(check?.found).toMatch(
    new RegExp(`^the table ${TABLE} has no index recent, so history .+ fail: deploy again or`),
  );
  expect(DEPLOYING.replaceAll(/ \\\n +/g, ' ')).toContain(`\n${check?.command}\n`);
  const staging = withOptions('--region', 'eu-west-1', '--profile', 'qa team');
  const [inStaging] = await ledgerChecks(ledger, TABLE, staging);
  expect(inStaging?.command).toMatch(/ --region eu-west-1 --profile 'qa team'$/);
});

test('another failure is not taken for a missing index', async () => {
  const { client, stop } = await startMemoryLedger();
  onTestFinished(stop);
  const ledger = openLedger(client, 'another');
  await expect(ledgerChecks(ledger, 'another', withOptions())).rejects.toThrow('not found');
});
