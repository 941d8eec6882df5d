import { expect, test } from 'vitest';
import { deliverScript } from '../../lib/cli/deliver-script.ts';
import { NIGHTLY } from '../support/fixture.ts';

const { webhook: _, ...byHand } = NIGHTLY;

test.each([
  [{ nightly: NIGHTLY, 'by-hand': byHand, 'after-deploy': NIGHTLY }, 'nightly, after-deploy'],
  [{ 'by-hand': byHand }, 'none'],
])('a trigger without a webhook is answered with those that have one', (triggers, names) => {
  const script = deliverScript({ url: 'http://127.0.0.1:1', secretsFile: '/s.json', triggers });
  expect(script).toContain(
    `echo "No webhook of trigger '\${1:-}'. There are: ${names}" >&2; exit 2`,
  );
});
