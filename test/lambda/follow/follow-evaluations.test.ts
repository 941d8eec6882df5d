import { expect, test } from 'vitest';
import {
  asIs,
  beginAnew,
  clock,
  count,
  fire,
  kinds,
  memory,
  PERFECT,
  SCENARIO,
  sweeps,
  world,
} from './followed-execution.ts';

beginAnew();

test('evaluations that are expected are waited for, but not for ever', async () => {
  const own = await world();
  const settings = { expect: { minEvaluation: { 'Task completion': 80 }, tolerance: 0 } };
  own.distortion = (path, body) => (path.includes('eval-summary') ? undefined : [200, body]);
  const late = await fire(own, settings);
  await sweeps(own, 5);
  expect((await memory.ledger.read(late))?.state).toBe('started');
  own.distortion = asIs;
  await sweeps(own, 2);
  expect((await memory.ledger.read(late))?.result?.verdict).toBe('passed');
  own.distortion = (path, body) => (path.includes('eval-summary') ? undefined : [200, body]);
  const never = await fire(own, settings, 'never');
  await sweeps(own, 13);
  expect((await memory.ledger.read(never))?.result).toMatchObject({
    verdict: 'inconclusive',
    reasons: ['The evaluation "Task completion" has no score.'],
  });
});

test('a regression against the last passed firing is told, is no reference, and a recovery is told', async () => {
  const own = await world();
  const settings = { expect: { noWorseThan: 'previous', tolerance: 5 } } as const;
  const run = async (name: string, failures: number) => {
    own.course = { ...PERFECT, failures: (calls) => Math.min(calls, failures) };
    const id = await fire(own, settings, name);
    await sweeps(own, 2);
    clock.advance(60);
    return (await memory.ledger.read(id))?.result?.verdict;
  };
  expect(await run('first', 1)).toBe('passed');
  expect(await run('worse', 3)).toBe('failed');
  expect(own.published.at(-1)?.reasons).toEqual([
    `Success rate fell from 90 to 70 (tolerance 5); reference t-${count}:command:first.`,
    `"Task completion" fell from 90 to 70 (tolerance 5); reference t-${count}:command:first.`,
  ]);
  expect(await run('no better', 3)).toBe('failed');
  expect(own.published.at(-1)).toMatchObject({ kind: 'failed', repeated: true });
  expect(await run('good again', 0)).toBe('passed');
  expect(own.published.slice(-2)).toMatchObject([
    { kind: 'passed', repeated: false },
    { kind: 'recovered', reasons: ['It was failed before.'], repeated: false },
  ]);
  expect(await run('still good', 0)).toBe('passed');
  expect(kinds(own).filter((kind) => kind === 'recovered')).toHaveLength(1);
});

test('other scenarios are not compared', async () => {
  const own = await world();
  const settings = { expect: { noWorseThan: 'previous', tolerance: 0 } } as const;
  await fire(own, settings);
  await sweeps(own, 1);
  own.course = { ...PERFECT, failures: (calls) => Math.min(calls, 1) };
  const execute = { selectAll: false, scenarioIds: [SCENARIO.id] };
  const id = await fire(own, { ...settings, execute }, 'other');
  await sweeps(own, 1);
  expect((await memory.ledger.read(id))?.result?.verdict).toBe('passed');
});
