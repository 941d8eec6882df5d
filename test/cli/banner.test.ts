import { expect, test } from 'vitest';
import { banner } from '../../lib/cli/banner.ts';
import { parseExpression } from '../../lib/config/schedule-expression.ts';
import type { LocalSchedule } from '../../lib/local/assembly/assembly.ts';
import type { LocalRun } from '../../lib/local/local-run.ts';

const trigger = {
  runTestId: '11111111-2222-4333-8444-555555555555',
  execute: { selectAll: true, scenarioIds: [] },
  schedules: [],
  startDeadlineMinutes: 15,
  onUnknown: 'hold' as const,
  unknownGraceMinutes: 10,
  follow: true,
  maxDurationMinutes: 360,
  missedAfterMinutes: 10,
  overlap: 'allow' as const,
  pauseAfterRejected: 5,
};

function schedule(name: string, changes: Partial<LocalSchedule['schedule']>): LocalSchedule {
  return {
    name: `nightly.${name}`,
    schedule: {
      ...parseExpression('cron(0 2 ? * MON-FRI *)'),
      timezone: 'America/New_York',
      flexibleWindowMinutes: 15,
      enabled: true,
      ...changes,
    },
    functionArn: 'arn',
    input: JSON.stringify({ trigger: 'nightly', schedule: name }),
    maxEventAgeSeconds: 60,
  };
}

const run: LocalRun = {
  url: 'http://127.0.0.1:8787',
  pageUrl: 'http://127.0.0.1:8787/#key=LOCAL0123',
  apiBaseUrl: 'https://api.futureagi.com',
  headerFile: '.local/authorization',
  gone: new AbortController().signal,
  change: async () => ({}),
  secretsFile: '/state/secrets.json',
  deadLettersFile: '/state/dead-letters.jsonl',
  eventsFile: '.local/events.jsonl',
  notificationsFile: '.local/notifications.jsonl',
  triggers: {
    nightly: { ...trigger, webhook: { verify: 'standard-webhooks', secret: 's' } },
    billing: {
      ...trigger,
      webhook: {
        verify: 'hmac',
        secret: 's',
        signature: { header: 'x', prefix: '', encoding: 'hex', algorithm: 'sha256' },
        signed: '{body}',
      },
    },
    manual: trigger,
    released: {
      ...trigger,
      events: [
        { pattern: { source: ['aws.ecr'] }, bus: 'default' },
        { after: 'nightly', kinds: ['passed', 'failed'] },
      ],
    },
  },
  schedules: [
    schedule('early', {}),
    schedule('often', {
      ...parseExpression('rate(6 hours)'),
      timezone: 'UTC',
      flexibleWindowMinutes: 0,
    }),
    schedule('off', { enabled: false }),
    schedule('once', { ...parseExpression('at(2027-10-31T02:30:00)'), flexibleWindowMinutes: 0 }),
  ],
  createdAt: () => new Date('2026-11-24T01:30:00Z'),
  fire: async () => 'throttled',
  stop: async () => {},
};

test('the banner tells what fires when and how to fire it now', () => {
  const text = banner(
    run,
    {
      stateDirectory: '/state',
      now: new Date('2026-11-24T04:00:00Z'),
      typed: (words: string) => `npx rtt ${words}`,
    },
    (_format, plain) => plain,
  );
  expect(text).toBe(`
run-test-trigger  http://127.0.0.1:8787

  console  http://127.0.0.1:8787/#key=LOCAL0123
           this address contains a password: do not share it
  API      https://api.futureagi.com: executions are real and COST MONEY
  state    /state (ledger, secrets.json, events, notifications, dead letters)

nightly
  next     Tue 24 Nov 02:00 America/New_York, Tue 24 Nov 07:00 UTC (+0-15 min)
  next     Tue 24 Nov 07:30 UTC
  next     never: cron(0 2 ? * MON-FRI *) is disabled
  next     Sun 31 Oct 2027 02:30 America/New_York, Sun 31 Oct 2027 06:30 UTC
  deliver  npx rtt deliver nightly

billing
  deliver  npx rtt deliver billing

manual
  next     never: no schedule, no event, no webhook

released
  event    {"source":["aws.ecr"]} on the bus default
  event    after nightly passed or failed

To fire a schedule now:
  curl -X POST -H @.local/authorization http://127.0.0.1:8787/_local/schedules/nightly/early

Logs follow. Ctrl-C stops.

`);
});

test('of many triggers the banner shows the first, and where the others are', () => {
  const names = Array.from({ length: 1_022 }, (_, index) => `trigger-${index}`);
  const many = { ...run, triggers: Object.fromEntries(names.map((name) => [name, trigger])) };
  const now = new Date('2026-11-24T04:00:00Z');
  const shown = { stateDirectory: '/state', now, typed: (words: string) => `npx rtt ${words}` };
  const text = banner(many, shown, (_format, plain) => plain);
  expect(text).toContain('\ntrigger-19\n');
  expect(text).not.toContain('trigger-20');
  expect(text).toContain('\nand 1,002 more: npx rtt next\n');
});
