import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListTablesCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { publisher } from '../../lambda/events/publish.ts';
import type { ServiceEvent } from '../../lambda/firing/service-event.ts';
import { eventBridge } from '../../lambda/runtime/aws.ts';
import { systemClock } from '../../lib/clock.ts';
import { deadLettersIn } from '../../lib/local/functions/dead-letters.ts';
import type { LocalRun } from '../../lib/local/local-run.ts';
import { runStack } from '../../lib/local/local-stack.ts';
import { startMessaging } from '../../lib/local/services/messaging.ts';
import { manualClock } from '../local/manual-clock.ts';
import { awsAt } from '../support/aws-at.ts';
import { runFixture } from '../support/local-run.ts';
import { ledgerClient, operatorHeader } from '../support/operator.ts';

const scratch = mkdtempSync(join(tmpdir(), 'messaging-'));
const clock = manualClock('2099-11-24T01:59:30Z');
const notices: string[] = [];
let run: LocalRun;
beforeAll(async () => {
  run = await runFixture('local-run', {
    stateDirectory: join(scratch, 'state'),
    schedules: true,
    clock,
    notice: (text) => notices.push(text),
  });
});
afterAll(async () => {
  await run.stop();
  rmSync(scratch, { recursive: true });
});

function linesOf(file: string): Record<string, unknown>[] {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line));
}

/** Those of the watch, as soon as the first sweep has noted the schedules. */
async function itemsInLedger(): Promise<number | undefined> {
  const client = await ledgerClient(join(scratch, 'state'));
  const { TableNames: [TableName] = [] } = await client.send(new ListTablesCommand({}));
  const { Count } = await client.send(new ScanCommand({ TableName }));
  client.destroy();
  return Count;
}

test('a schedule that is lost is noticed by the sweep and told, in UTC and the default time zone', async () => {
  await clock.pass(1);
  // The watch: a part for each of the two triggers with schedules, then the index.
  await expect.poll(itemsInLedger).toBe(3);
  await fetch(`${run.url}/_local/schedules/nightly/early/drop`, {
    method: 'POST',
    headers: operatorHeader(join(scratch, 'state')),
  });
  const told = async () => {
    await clock.pass(60_000);
    return notices.find((text) => text.startsWith('MESSAGE'));
  };
  await expect.poll(told, { interval: 250 }).toBeDefined();
  expect(notices[0]).toBe('nightly.early of 2099-11-24T02:00:00.000Z is dropped, as you asked');
  const events = linesOf(run.eventsFile);
  expect(events).toMatchObject([
    {
      'detail-type': 'Schedule Missed',
      source: 'run-test-trigger',
      detail: { kind: 'missed', trigger: 'nightly', repeated: false },
    },
  ]);
  const message = notices.find((text) => text.startsWith('MESSAGE'));
  // On a busy machine a sweep sees the clock later than it began.
  expect(
    message
      ?.replace(/03:\d\d Europe\/Berlin \(02:\d\d/, 'TIME Europe/Berlin (TIME')
      .replace(/by 2099-11-24 03:\d\d/, 'by 2099-11-24 TIME'),
  ).toBe(
    `MESSAGE [run-test-trigger] nightly did NOT fire: It was due at 2099-11-24 03:00 Europe/Berlin, and nothi...
  nightly did NOT fire: It was due at 2099-11-24 03:00 Europe/Berlin, and nothing had fired by 2099-11-24 TIME Europe/Berlin

  What to do
  Look at the dead-letter queues and the alarms of EventBridge Scheduler. Send the firing again if the run is still wanted.
  npx rtt retry nightly:schedule-early:2099-11-24T02:00:00Z --reason "put right"

  When       Tue 2099-11-24 TIME Europe/Berlin (TIME UTC)
  Due        Tue 2099-11-24 03:00 Europe/Berlin (02:00 UTC), cron(0 3 24 11 ? 2099)
  Firing     nightly:schedule-early:2099-11-24T02:00:00Z
`,
  );
});

test('an occurrence that is asked to be missed is noticed by the next sweep, though none is near', async () => {
  const answer = await fetch(`${run.url}/_local/schedules/nightly/early/miss`, {
    method: 'POST',
    headers: operatorHeader(join(scratch, 'state')),
  });
  const { schedule, due } = JSON.parse(await answer.text());
  // Since the fixture's missedAfter, in whole seconds.
  expect([schedule, Math.floor((clock.now().getTime() - new Date(due).getTime()) / 1_000)]).toEqual(
    ['nightly.early', 60],
  );
  const firing = `nightly:schedule-early:${due.replace('.000Z', 'Z')}`;
  const told = async () => {
    await clock.pass(60_000);
    return linesOf(run.eventsFile).map(({ detail }) => detail);
  };
  await expect
    .poll(told, { interval: 250 })
    .toContainEqual(expect.objectContaining({ kind: 'missed', firing }));
});

describe('an event on the bus', () => {
  const ACCESS_KEY = 'LOCALKEY';

  /** The same stack, with an EventBridge that this test may write to. */
  async function stack() {
    const stateDirectory = mkdtempSync(join(scratch, 'own-'));
    const { assembly } = inject('stacks')['local-run'];
    const told: string[] = [];
    const lines: string[] = [];
    const options = { clock: systemClock, notice: (text: string) => told.push(text) };
    const messaging = await startMessaging(
      { functions: ACCESS_KEY, operator: 'OPERATOR' },
      {
        ...options,
        stateDirectory,
        buses: () => assembly.buses,
        deliver: (bus, event) => running.deliver(bus, event),
      },
    );
    const running = await runStack(assembly, {
      ...options,
      ended: new AbortController().signal,
      repeat: (...failed) => running.repeat(...failed),
      deadLetters: deadLettersIn(join(stateDirectory, 'dead-letters.jsonl')),
      operatorKey: 'LOCALB',
      functionsKey: ACCESS_KEY,
      endpoints: { AWS_ACCESS_KEY_ID: ACCESS_KEY, AWS_ENDPOINT_URL_SNS: messaging.sns.url },
      createdAt: systemClock.now,
      miss: () => Promise.reject(new Error('no ledger here')),
      log: ({ line }) => lines.push(line),
    });
    onTestFinished(async () => {
      await running.stop(0);
      await messaging.stop();
    });
    const bus = eventBridge(awsAt(messaging.eventBridge.url, ACCESS_KEY));
    const publish = publisher(bus, 'run-test-trigger');
    return { publish, told, lines, messaging };
  }

  const FAILED: ServiceEvent = {
    version: 1,
    id: 'nightly:schedule-early:2026-11-24T02:00:00Z/failed',
    kind: 'failed',
    trigger: 'nightly',
    firing: 'nightly:schedule-early:2026-11-24T02:00:00Z',
    time: '2026-11-24T02:12:07Z',
    reasons: ['Success rate 50 %, expected at least 90 %.'],
    what_to_do: 'Open the execution and look at the calls that failed.',
    repeated: false,
  };

  test('goes by the rule and the notify function to the topic, once, and the uneventful one does not', async () => {
    const { publish, told, lines, messaging } = await stack();
    await publish([
      { ...FAILED, id: '1', kind: 'passed' },
      { ...FAILED, id: '2', repeated: true },
      FAILED,
    ]);
    await expect.poll(() => lines.length).toBe(1);
    expect(linesOf(messaging.eventsFile)).toHaveLength(3);
    expect(linesOf(messaging.notificationsFile)).toEqual([
      {
        time: expect.any(String),
        topicArn: expect.stringMatching(
          /^arn:aws:sns:us-east-1:000000000000:NotificationsTopic\w+$/,
        ),
        subject: '[run-test-trigger] nightly FAILED: Success rate 50 %, expected at least 90 %',
        messages: {
          default: expect.stringContaining('"title":"❌ nightly FAILED: Success rate 50 %'),
          email: `nightly FAILED: Success rate 50 %, expected at least 90 %

What to do
Open the execution and look at the calls that failed.
npx rtt show nightly:schedule-early:2026-11-24T02:00:00Z

When       Tue 2026-11-24 03:12 Europe/Berlin (02:12 UTC)
Firing     nightly:schedule-early:2026-11-24T02:00:00Z
`,
          sms: 'run-test-trigger: nightly FAILED: Success rate 50 %, expected at least 90 %',
        },
      },
    ]);
    expect(told).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '').message).toEqual({
      event: 'notification_sent',
      trigger: 'nightly',
      firing: 'nightly:schedule-early:2026-11-24T02:00:00Z',
      kind: 'failed',
      event_id: 'nightly:schedule-early:2026-11-24T02:00:00Z/failed',
      message_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });
});
