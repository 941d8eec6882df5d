import { expect, test } from 'vitest';
import { readCommand } from '../../../lambda/trigger/command.ts';

const PERSON = { by: 'ada', reason: 'why' };

test.each([
  [{ command: 'describe' }],
  [{ command: 'dry-run', trigger: 'nightly' }],
  [
    {
      command: 'dry-run',
      trigger: 'nightly',
      execute: { scenarios: ['Happy'] },
      evenIfPaused: true,
    },
  ],
  [{ command: 'poll', firing: 'f' }],
  [{ command: 'retry', firing: 'f', ...PERSON }],
  [{ command: 'pause', ...PERSON }],
  [{ command: 'pause', trigger: 'nightly', until: '2026-11-25T00:00:00Z', ...PERSON }],
  [{ command: 'resume', trigger: 'nightly', ...PERSON }],
])('%j is an command', (event) => {
  expect(readCommand(event)).toEqual(event);
});

test.each([
  [undefined],
  [null],
  ['describe'],
  [[]],
  [{ trigger: 'nightly', requestId: 'command' }],
])('%j is none', (event) => {
  expect(readCommand(event)).toBeUndefined();
});

test.each([
  [{ command: 'delete' }],
  [{ command: 'describe', secret: true }],
  [{ command: 'retry', firing: 'f', by: 'ada', reason: '' }],
  [{ command: 'pause', by: '', reason: 'why' }],
  [{ command: 'pause', until: '2h', ...PERSON }],
  [{ command: 'dry-run', trigger: 'nightly', execute: { scenarios: [''] } }],
])('%j is not understood', (event) => {
  expect(() => readCommand(event)).toThrow('The command is not understood: ');
});
