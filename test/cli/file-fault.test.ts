import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { fileFault } from '../../lib/cli/file-fault.ts';

const directory = mkdtempSync(join(tmpdir(), 'fault-'));
afterAll(() => rmSync(directory, { recursive: true }));

function faultOf(act: () => unknown): string | undefined {
  try {
    act();
    return 'none';
  } catch (error) {
    return fileFault(error);
  }
}

test.each([
  ['no such file or directory (open)', () => writeFileSync(join(directory, 'no', 'file'), '')],
  ['illegal operation on a directory (open)', () => writeFileSync(directory, '')],
])('%s is told with its place', (why, act) => {
  expect(faultOf(act)).toMatch(new RegExp(`${why.replace(/[()]/g, '\\$&')}. Fix that`));
});

test('what is no matter of a file is not', async () => {
  const refused = new Promise((done) => connect(1, '127.0.0.1').on('error', done));
  expect(fileFault(await refused)).toBeUndefined();
  expect(fileFault(new TypeError('x is undefined'))).toBeUndefined();
  expect(fileFault('text')).toBeUndefined();
});
