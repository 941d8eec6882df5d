import { expect, test } from 'vitest';
import { runbookOf } from '../../lib/stack/runbook-link.ts';

test.each([
  ['git@github.com:acme/rtt.git', 'https://github.com/acme/rtt/blob/HEAD/docs/runbook.md'],
  ['https://github.com/acme/rtt', 'https://github.com/acme/rtt/blob/HEAD/docs/runbook.md'],
  [
    'https://x-token:s3cret@gitlab.example.com/group/sub/rtt.git',
    'https://gitlab.example.com/group/sub/rtt/-/blob/HEAD/docs/runbook.md',
  ],
  ['/srv/git/rtt.git', 'docs/runbook.md'],
  [undefined, 'docs/runbook.md'],
])('the runbook of %s is at %s', (remote, link) => {
  expect(runbookOf(remote)).toBe(link);
});
