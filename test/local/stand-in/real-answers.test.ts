import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startStandInApi } from '../../../lib/local/stand-in/stand-in-api.ts';
import { ANSWERED, type ApiAnswer, apiAnswer } from '../../support/api-answers.ts';
import { temporaryDirectory } from '../hand-written-stack.ts';
import { manualClock } from '../manual-clock.ts';

const PAIR = '{"apiKey":"key","secretKey":"secret"}';

/** The text with `null` or a type for each value, and one entry for each list. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
  if (typeof value !== 'object' || value === null) return value === null ? null : typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shapeOf(each)]));
}

/** The stand-in's answer to the same request, asked for an execution that is over. */
async function answerOf({ server, request }: ApiAnswer) {
  const clock = manualClock('2026-11-24T02:00:00Z');
  const [first, second] = ANSWERED.scenarioIds;
  const scenarios = [
    { id: first, name: 'Happy path', rows: 2 },
    { id: second, name: 'Noisy line', rows: 2 },
  ];
  const api = await startStandInApi({
    runTests: new Map([[ANSWERED.runTestId, scenarios]]),
    namedRunTests: [{ id: ANSWERED.runTestId, name: 'Checkout' }],
    server,
    apiKey: () => (server === 'documented' ? 'key' : PAIR),
    file: join(temporaryDirectory(), 'executions.jsonl'),
    clock,
  });
  onTestFinished(() => api.stop());
  const { key = 'key' } = request;
  const headers: Record<string, string> =
    server === 'documented'
      ? { authorization: `Bearer ${key}` }
      : { 'x-api-key': key, 'x-secret-key': 'secret' };
  const call = async (method: string, path: string, body: unknown) => {
    const text = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(api.url + path, { method, headers, ...text });
    return { status: response.status, body: JSON.parse(await response.text()) };
  };
  const path = `/simulate/run-tests/${ANSWERED.runTestId}/execute/`;
  const started = await call('POST', path, {});
  await clock.pass(60_000);
  const own = request.path.replaceAll(ANSWERED.executionId, started.body.execution_id);
  return call(request.method, own, request.body);
}

test.each([
  'documented-execute',
  'documented-executions',
  'documented-execution',
  'documented-status',
  'documented-eval-summary',
  'documented-scenarios',
  'documented-id-by-name',
  'documented-cancel',
  'documented-unauthorised',
  'documented-no-run-test',
  'current-unknown-field',
  'current-execute',
])('the stand-in answers in the shape of %s', async (name) => {
  const real = apiAnswer(name);
  const { status, body } = await answerOf(real);
  expect({ status, shape: shapeOf(body) }).toEqual({
    status: real.status,
    shape: shapeOf(real.body),
  });
});
