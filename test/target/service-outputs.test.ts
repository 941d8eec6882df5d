import { expect, test } from 'vitest';
import { serviceOutputs } from '../../lib/target/deployed-target.ts';

const described = (outputs: Readonly<Record<string, string>>) =>
  Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue }));

test('outputs of a stack of its own keep their names', () => {
  const outputs = { CommandFunction: 'command', WebhookUrlABADCAFE: 'https://api.example.com' };
  expect(serviceOutputs('run-test-trigger', described(outputs))).toEqual(outputs);
});

test('a construct in a stack of an app is found among other outputs', () => {
  const outputs = {
    RunTestsCommandFunction1A2B3C4D: 'command',
    RunTestsLedgerTable5E6F7A8B: 'ledger',
    ApiUrl: 'https://api.example.com',
  };
  expect(serviceOutputs('agent', described(outputs))).toEqual({
    CommandFunction: 'command',
    LedgerTable: 'ledger',
  });
});

test('two constructs in one stack cannot be told apart', () => {
  const outputs = { VoiceCommandFunction1A2B3C4D: 'a', ChatCommandFunction1A2B3C4E: 'b' };
  expect(() => serviceOutputs('agent', described(outputs))).toThrow(
    'The stack agent has several services (Voice, Chat)',
  );
});
