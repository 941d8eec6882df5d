import { afterAll, beforeAll, expect, test } from 'vitest';
import { readOverview } from '../../lib/console/overview.ts';
import type { Source } from '../../lib/console/source.ts';
import { SETTINGS } from '../support/config-of.ts';
import { countRequests } from '../support/counted-requests.ts';
import { NIGHTLY } from '../support/fixture.ts';
import { type MemoryLedger, startMemoryLedger } from '../support/memory-ledger.ts';

const NOW = new Date('2026-11-26T08:00:00Z');
const NAMES = Array.from({ length: 120 }, (_, index) => `suite-${index}`);

let memory: MemoryLedger;
let requests: ReturnType<typeof countRequests>;
beforeAll(async () => {
  memory = await startMemoryLedger();
  requests = countRequests(memory.client);
});
afterAll(() => memory.stop());

const unused = (): never => {
  throw new Error('The first view does not need it');
};
const source: Source = {
  target: {
    kind: 'local',
    isStandIn: true,
    name: 'here',
    commandFunction: 'none',
    functions: unused,
    ledgerTable: 'none',
    webhookUrl: unused,
    tags: [],
    deadLetterQueues: [],
    logs: { kind: 'groups', groups: {} },
    client: unused,
  },
  async describe() {
    const triggers = Object.fromEntries(NAMES.map((name) => [name, NIGHTLY]));
    return { config: { ...SETTINGS, apiBaseUrl: 'https://api.futureagi.com', triggers } };
  },
  typed: unused,
  file: unused,
};

test.each([
  ['', 120, 'suite-0', 'suite-49', 50],
  ['page=2', 120, 'suite-100', 'suite-119', 20],
  ['page=3', 120, undefined, undefined, 0],
  ['name=11', 11, 'suite-11', 'suite-119', 11],
])(
  'of many triggers, %j asks for a page: one read, and a query for each',
  async (query, count, first, last, length) => {
    requests.take();
    const overview = await readOverview(new URLSearchParams(query), source, memory.ledger, NOW);
    expect(requests.take()).toMatchObject({ gets: 1, queries: length });
    const names = overview.triggers.map(({ name }) => name);
    expect({
      count: overview.count,
      first: names.at(0),
      last: names.at(-1),
      length: names.length,
    }).toEqual({ count, first, last, length });
  },
);
