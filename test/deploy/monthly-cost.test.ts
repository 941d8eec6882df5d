import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadTriggers } from '../../lib/config/load.ts';
import type { TriggersFile } from '../../lib/config/schema.ts';
import { costPage } from '../../lib/deploy/cost-page.ts';
import { monthlyCost, sum } from '../../lib/deploy/monthly-cost.ts';
import { countStack, type StackCounts } from '../../lib/deploy/stack-counts.ts';
import { NOW, templateOf } from '../stack/synthesized.ts';

const root = new URL('../../', import.meta.url).pathname;
const loaded = loadTriggers(`${root}triggers.yaml`, NOW);
if (!loaded.ok) throw new Error('the example has problems');
const counted = (file: TriggersFile) => countStack(templateOf(file).toJSON(), file);
const least = counted(loaded.config);
const monitoring = { alarms: 'all', dashboard: true, heartbeat: 'heartbeat' } as const;
const everything = counted({ ...loaded.config, monitoring });

test('an idle stack with three secrets costs less than $2.20 a month', () => {
  expect(least.secrets).toBe(3);
  expect(sum(monthlyCost(least, 0)).toFixed(2)).toBe('2.10');
  expect(sum(monthlyCost(everything, 0)).toFixed(2)).toBe('6.94');
});

test('what costs money is counted', () => {
  expect(everything).toEqual({
    secrets: 4,
    alarms: 21,
    alarmMetrics: 22,
    dashboards: 1,
    triggers: 2,
    measured: 0,
    functions: 6,
    logGroups: 6,
    queues: 3,
    hasHeartbeat: true,
  });
});

test('metrics are paid for where a trigger or the dashboard asks for them', () => {
  const metrics = (counts: StackCounts) =>
    monthlyCost(counts, 100_000)
      .find(({ what }) => what === 'metrics')
      ?.dollars.toFixed(2);
  expect(metrics({ ...least, triggers: 100 })).toBe('0.30');
  expect(metrics({ ...everything, triggers: 100 })).toBe('2.10');
  expect(metrics({ ...everything, triggers: 100, measured: 1 })).toBe('4.20');
  expect(metrics({ ...everything, triggers: 100, measured: 100 })).toBe('212.10');
});

test('docs/cost.md is what npm run cost writes', () => {
  const page = readFileSync(`${root}docs/cost.md`, 'utf8');
  expect(costPage(page, least, everything)).toBe(page);
});

test('a page without the comments is refused', () => {
  expect(() => costPage('# Cost\n', least, everything)).toThrow(
    'docs/cost.md has no <!-- written by npm run cost --> … <!-- end -->',
  );
});
