import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { findRun } from '../../lib/local/files/run-file.ts';
import type { LocalRun } from '../../lib/local/local-run.ts';
import { invoke } from '../../lib/target/invoke.ts';
import { localTarget } from '../../lib/target/local-target.ts';
import { manualClock } from '../local/manual-clock.ts';
import { runFixture } from '../support/local-run.ts';
import { rtt } from '../support/terminal.ts';

const scratch = mkdtempSync(join(tmpdir(), 'event-triggers-'));
const stateDirectory = join(scratch, 'state');
const STATE = ['--state-dir', stateDirectory];
const clock = manualClock('2099-11-24T01:58:30Z');
let run: LocalRun;
beforeAll(async () => {
  run = await runFixture('local-run', { stateDirectory, clock });
});
afterAll(async () => {
  await run.stop();
  rmSync(scratch, { recursive: true });
});

/** A sweep that began an hour later, and is over. */
async function sweepLater(): Promise<void> {
  await clock.pass(3_600_000);
  const found = await findRun(stateDirectory);
  if (!found || found === 'stale') throw new Error('no local run');
  const target = localTarget(found);
  const sweep = (await target.functions()).find((arn) => arn.endsWith('-sweep'));
  await invoke(target, sweep ?? '', {});
}

const historySchema = z.array(z.object({ id: z.string(), state: z.string() }));

async function firingsOf(trigger: string) {
  const { stdout } = await rtt(['history', trigger, '--json', ...STATE]);
  return historySchema.parse(JSON.parse(stdout));
}

test('a pipeline that succeeded fires a trigger, and the end of that one another', async () => {
  const send = (state: string) => {
    const event = {
      source: 'aws.codepipeline',
      'detail-type': 'CodePipeline Pipeline Execution State Change',
      detail: { pipeline: 'agent', state },
    };
    return rtt(['event', 'send', '-', ...STATE], { stdin: JSON.stringify(event) });
  };
  expect((await send('FAILED')).code).toBe(0);
  const { stdout } = await send('SUCCEEDED');
  const [, id] = /^✓ Event (\S+) is on the bus default: rtt history/.exec(stdout) ?? [];
  const firing = { id: `by-pipeline:event:${id}`, state: 'started' };
  await expect.poll(() => firingsOf('by-pipeline')).toEqual([firing]);
  expect(await firingsOf('after-pipeline')).toEqual([]);
  await sweepLater();
  expect(await firingsOf('by-pipeline')).toEqual([{ ...firing, state: 'completed' }]);
  await expect
    .poll(() => firingsOf('after-pipeline'))
    .toEqual([{ id: expect.stringMatching(/^after-pipeline:event:sha256-/), state: 'started' }]);
});

test.each([
  ['no JSON', 'x', [], 'the file: it is not JSON'],
  ['no source', '{"detail-type":"x","detail":{}}', [], 'source: it is missing'],
])('%s is no event', async (_, stdin, more, message) => {
  const { code, stderr } = await rtt(['event', 'send', '-', ...more, ...STATE], { stdin });
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: `- is not an event: ${message}. It needs source, detail-type and detail.\n`,
  });
});

test('a bus that does not exist is said', async () => {
  const stdin = '{"source":"shop","detail-type":"x","detail":{}}';
  const { code, stderr } = await rtt(['event', 'send', '-', '--bus', 'orders', ...STATE], {
    stdin,
  });
  expect(code).toBe(2);
  expect(stderr).toContain(
    'EventBridge did not take the event: ResourceNotFoundException: Event bus orders does not exist. The bus of a trigger is in its events in triggers.yaml.',
  );
});
