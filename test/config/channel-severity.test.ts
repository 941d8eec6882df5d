import { expect, test } from 'vitest';
import { load, output, withLines } from './temporary-file.ts';

const withChannel = (keys: string) =>
  `${withLines()}notify: { channels: { ops: { kind: slack, secret: s, ${keys} } } }\n`;

const CRITICAL = ['lost', 'rejected', 'unresolved', 'expired', 'missed', 'recovered', 'paused'];

test.each([
  ['critical', CRITICAL],
  ['error', ['failed', 'inconclusive', 'mismatch', ...CRITICAL]],
])(
  'a channel from %s on gets the kinds that are at least so severe, and recoveries',
  (from, kinds) => {
    const loaded = load(withChannel(`from: ${from}`));
    const on = loaded.ok ? loaded.config.notify.channels?.ops?.on : [];
    expect(on?.toSorted()).toEqual(kinds.toSorted());
  },
);

test('a channel has its kinds or a severity, not both', () => {
  expect(output(withChannel('on: [failed], from: error'))).toBe(
    'triggers.yaml:7:74 error notify.channels.ops.from: is written beside on; remove one of the two\n\n1 error\n',
  );
});
