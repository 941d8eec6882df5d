import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { currentBuild, remoteUrl } from '../lib/build.ts';

const directory = mkdtempSync(join(tmpdir(), 'build-'));
afterAll(() => rmSync(directory, { recursive: true }));

test('a build is named by its version and commit, and says what is not committed', () => {
  expect(currentBuild(directory)).toMatch(/^\d+\.\d+\.\d+\+unknown$/);
  git('init', '--quiet');
  writeFileSync(join(directory, 'file'), 'one');
  git('add', 'file');
  git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '--quiet', '-m', 'One');
  const commit = git('rev-parse', '--short=12', 'HEAD');
  expect(currentBuild(directory)).toMatch(new RegExp(`\\+${commit}$`));
  writeFileSync(join(directory, 'file'), 'two');
  expect(currentBuild(directory)).toMatch(new RegExp(`\\+${commit}-dirty$`));
});

test.each([
  ['git@github.com:acme/rtt.git', 'https://github.com/acme/rtt'],
  ['https://github.com/acme/rtt', 'https://github.com/acme/rtt'],
  [
    'https://x-token:s3cret@gitlab.example.com/group/sub/rtt.git',
    'https://gitlab.example.com/group/sub/rtt',
  ],
  ['/srv/git/rtt.git', undefined],
])('of the remote %s, a reader finds it at %s', (remote, address) => {
  git('config', 'remote.origin.url', remote);
  expect(remoteUrl(directory)).toBe(address);
});

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: directory, encoding: 'utf8' }).trim();
}
