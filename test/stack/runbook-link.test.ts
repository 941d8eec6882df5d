import { expect, test } from 'vitest';
import { runbookOf } from '../../lib/stack/runbook-link.ts';

test.each([
  ['https://github.com/acme/rtt', 'https://github.com/acme/rtt/blob/HEAD/docs/runbook.md'],
  [
    'https://gitlab.example.com/group/sub/rtt',
    'https://gitlab.example.com/group/sub/rtt/-/blob/HEAD/docs/runbook.md',
  ],
  [undefined, 'docs/runbook.md'],
])('the runbook of %s is at %s', (repository, link) => {
  expect(runbookOf(repository)).toBe(link);
});
