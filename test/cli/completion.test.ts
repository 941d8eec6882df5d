import { expect, onTestFinished, test, vi } from 'vitest';
import { rtt } from '../support/terminal.ts';

const EXAMPLE = ['--triggers', 'test/fixtures/triggers.yaml'];

/** What the shell's script is offered for the last of these words. */
async function offered(...words: string[]): Promise<string[]> {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  onTestFinished(() => log.mockRestore());
  expect(await rtt(['complete', '--', ...words])).toMatchObject({ code: 0, screen: '' });
  const lines = log.mock.calls.map(([line]) => String(line));
  log.mockClear();
  return lines.filter((line) => !line.startsWith(':')).map((line) => line.split('\t')[0] ?? '');
}

test('a shell is offered commands, options and the names in the triggers file', async () => {
  expect(await offered('re')).toEqual(['reset-reference', 'report', 'retry', 'resume', 'redrive']);
  expect(await offered('fire', '--d')).toEqual(['--dry-run']);
  expect(await offered('fire', ...EXAMPLE, '')).toEqual([
    'nightly-regression',
    'checkout-after-deploy',
  ]);
  expect(await offered('pause', ...EXAMPLE, 'ni')).toEqual(['nightly-regression']);
  expect(await offered('secret', 'set', ...EXAMPLE, '')).toEqual([
    'run-test-trigger/api-key',
    'run-test-trigger/webhooks/nightly-regression',
    'run-test-trigger/webhooks/checkout-after-deploy',
  ]);
});
