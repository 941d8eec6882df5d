import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { deadLettersIn } from '../../lib/local/functions/dead-letters.ts';
import { temporaryDirectory } from './hand-written-stack.ts';
import { ENVELOPE, runHandWritten } from './run-hand-written.ts';

describe('a schedule fired by hand', () => {
  test('invokes its function as EventBridge would, without a time with the present one, and gives the result', async () => {
    const { post } = await runHandWritten();
    const path = '/_local/schedules/nightly/early?scheduledTime=2026-11-24T03:00:00%2B01:00';
    expect(await post(path)).toEqual({
      status: 200,
      body: {
        state: 'started',
        event: { trigger: 'nightly', schedule: 'early', scheduledTime: '2026-11-24T02:00:00Z' },
      },
    });
    expect((await post('/_local/schedules/nightly/early')).body.event.scheduledTime).toBe(
      '2026-11-24T01:59:59Z',
    );
  });

  test('that fails is answered 502 and ends as a dead letter', async () => {
    const { post, clock, notices, deadLettersFile } = await runHandWritten();
    const { status, body } = await post('/_local/schedules/failing/early');
    expect([status, body.error.errorMessage]).toEqual([502, 'no ledger']);
    await clock.pass(60_000);
    await expect
      .poll(() => notices)
      .toEqual([
        `DEAD LETTER Trigger: {"trigger":"failing","schedule":"early","scheduledTime":"2026-11-24T01:59:59Z"} failed 2 times (RetriesExhausted), kept in ${deadLettersFile}`,
      ]);
    expect(JSON.parse(readFileSync(deadLettersFile, 'utf8'))).toMatchObject({
      requestContext: { requestId: body.requestId },
      requestPayload: { trigger: 'failing' },
    });
  });

  test('that fails says so when its dead letter cannot be kept', async () => {
    const deadLetters = deadLettersIn(join(temporaryDirectory(), 'moved', 'dead-letters.jsonl'));
    const { post, clock, notices } = await runHandWritten({ deadLetters });
    await post('/_local/schedules/failing/early');
    await clock.pass(60_000);
    await expect
      .poll(() => notices.join())
      .toContain('failing.early of 2026-11-24T01:59:59.000Z is lost: ENOENT');
  });

  test('that fails is tried again by the stack that is in use by then', async () => {
    const changed = await runHandWritten();
    const { stack, post, clock } = await runHandWritten({
      endpoints: { FAULT: 'no ledger' },
      repeat: changed.stack.repeat,
    });
    expect((await post('/_local/schedules/nightly/early')).status).toBe(502);
    await stack.stop(0);
    await clock.pass(60_000);
    await expect.poll(() => changed.lines.join()).toContain('"trigger":"nightly"');
  });

  test.each([
    [
      '/_local/schedules/nightl/early',
      {},
      404,
      'No schedule nightl/early - did you mean "nightly/early"? Schedules: failing/early, nightly/early, over/early',
    ],
    [
      '/_local/schedules/unheard-of/early',
      {},
      404,
      'No schedule unheard-of/early. Schedules: failing/early, nightly/early, over/early',
    ],
    [
      '/_local/schedules/nightly/early?scheduledTime=today',
      {},
      400,
      'scheduledTime must be like 2026-11-24T02:00:00Z, not today',
    ],
    [
      '/_local/schedules/nightly/early',
      { origin: 'http://evil.example' },
      403,
      'No web page of another address may send requests here',
    ],
    [
      '/_local/schedules/nightly/early',
      { authorization: 'Local Credential=LOCALA/' },
      401,
      'Every user of this machine can reach this port: send the header in the file authorization of the state folder',
    ],
  ])('%s with %o is answered %i', async (path, headers, status, message) => {
    const { post } = await runHandWritten();
    expect(await post(path, headers)).toEqual({ status, body: { message } });
  });
});

describe('an event on a bus', () => {
  test('invokes the function of the rule that matches it, with its envelope', async () => {
    const { put, lines } = await runHandWritten();
    put('service', { kind: 'passed' });
    put('other', { kind: 'failed' });
    put('service', { kind: 'failed' });
    await expect
      .poll(() => lines.map((line) => JSON.parse(line).message))
      .toEqual([{ event: { ...ENVELOPE, detail: { kind: 'failed' } } }]);
  });
});

describe('a schedule told to drop', () => {
  test('loses its next occurrence and fires the one after, with its scheduled time', async () => {
    const { post, clock, lines, notices } = await runHandWritten({
      schedulesFrom: new Date('2026-11-24T01:59:59Z'),
    });
    await clock.pass(0);
    expect(await post('/_local/schedules/nightly/early/drop')).toEqual({
      status: 200,
      body: { schedule: 'nightly.early', dropped: '2026-11-24T02:00:00.000Z' },
    });
    await clock.pass(1_000);
    expect(notices).toContain('nightly.early of 2026-11-24T02:00:00.000Z is dropped, as you asked');
    await clock.pass(24 * 3_600_000);
    const events = () =>
      lines
        .map((line) => JSON.parse(line).message.event)
        .filter((event) => event?.trigger === 'nightly');
    await expect
      .poll(events)
      .toEqual([{ trigger: 'nightly', schedule: 'early', scheduledTime: '2026-11-25T02:00:00Z' }]);
  });

  test('is refused when nothing is left to lose', async () => {
    const { post } = await runHandWritten();
    expect(await post('/_local/schedules/over/early/drop')).toEqual({
      status: 409,
      body: { message: 'over.early has no occurrence left' },
    });
  });
});

test('a trigger fires by hand with a request id of its own', async () => {
  const { stack } = await runHandWritten();
  const outcome = await stack.fire('nightly');
  expect(outcome).toMatchObject({ ok: true });
  if (outcome === 'throttled' || !outcome.ok) return;
  expect(JSON.parse(outcome.payload).event).toEqual({
    trigger: 'nightly',
    requestId: expect.stringMatching(/^cli-[0-9a-f]{12}$/),
  });
});

describe('stopping', () => {
  test('waits for what is under way, and for what that asks for', async () => {
    const { stack } = await runHandWritten();
    const [first] = [stack.invoke(stack.commandFunction, '{"ms":100}')];
    const second = first?.then(() => stack.invoke(stack.commandFunction, '{}'));
    await stack.stop(30_000);
    expect(await first).toMatchObject({ ok: true });
    expect(await second).toMatchObject({ ok: true });
  });

  test('kills what goes on for longer than its grace', async () => {
    const { stack } = await runHandWritten();
    await stack.fire('nightly');
    const killed = stack.invoke(stack.commandFunction, '{"ms":60000}');
    await stack.stop(20);
    expect(await killed).toMatchObject({ ok: false, error: { errorType: 'Runtime.ExitError' } });
  });
});
