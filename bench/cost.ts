import { inDollars } from '../lib/deploy/cost-page.ts';
import { FIRING, monthlyCost, PRICE, sum } from '../lib/deploy/monthly-cost.ts';
import { countFiring } from './counted-firing.ts';
import { table } from './table.ts';

const FIRINGS = [10, 1_000, 100_000];
const RUN_MINUTES = 30;

/** List prices in us-east-1 of what others would use, in dollars (the services' pricing pages, November 2026). */
const OTHERS = {
  scheduler: 1 / 1e6,
  busEvent: 1 / 1e6,
  apiDestination: 0.2 / 1e6,
  /** t4g.nano, 8 GB of gp3 and a public IPv4 address for 730 hours. */
  machineMonth: 730 * 0.0042 + 8 * 0.08 + 730 * 0.005,
  actionsMinute: 0.008,
  transition: 0.025 / 1_000,
} as const;
/** Start, look, wait and choose for each poll, and what is around it. */
const TRANSITIONS = { fixed: 6, ofPoll: 3 };
/** One trigger with the API key, and the seven alarms of the shipped file. */
const STACK = {
  secrets: 1,
  alarms: 7,
  alarmMetrics: 8,
  dashboards: 0,
  triggers: 1,
  measured: 0,
  functions: 6,
  logGroups: 6,
  queues: 3,
  hasHeartbeat: false,
};

const MEASURED = { ...STACK, dashboards: 1, triggers: 100, measured: 100 };

/** What a month costs, from the counted requests, beside other ways to start runs by the clock. */
export async function cost(): Promise<string> {
  const { ledger, polls, logKb } = await countFiring(RUN_MINUTES);
  const perFiring = (dollars: number) => FIRINGS.map((firings) => firings * dollars);
  const rows: [string, number[], string][] = [
    ['this service', FIRINGS.map((firings) => sum(monthlyCost(STACK, firings))), 'all of it'],
    [
      'of it, what grows with the firings',
      FIRINGS.map((firings) => sum(monthlyCost(STACK, firings)) - sum(monthlyCost(STACK, 0))),
      '',
    ],
    [
      'the same, with a dashboard and `metrics: true` for each of 100 triggers',
      FIRINGS.map((firings) => sum(monthlyCost(MEASURED, firings))),
      'metrics of each trigger',
    ],
    [
      'EventBridge Scheduler and an API destination',
      perFiring(OTHERS.scheduler + OTHERS.busEvent + OTHERS.apiDestination),
      'a start, at least once; no result, no retry that knows what it does',
    ],
    [
      'a small machine with cron',
      FIRINGS.map(() => OTHERS.machineMonth),
      'what you write; one machine, no alarm when it is down',
    ],
    [
      'GitHub Actions cron, which only starts',
      perFiring(OTHERS.actionsMinute),
      'a start, late under load',
    ],
    [
      'GitHub Actions cron, which waits for the end',
      perFiring(RUN_MINUTES * OTHERS.actionsMinute),
      'a start and its result',
    ],
    [
      'Step Functions',
      perFiring((TRANSITIONS.fixed + polls * TRANSITIONS.ofPoll) * OTHERS.transition),
      'a start and its result, as you write them',
    ],
  ];
  const head = [
    '',
    ...FIRINGS.map((count) => `${count.toLocaleString('en')} firings`),
    'what it does',
  ];
  const lines = rows.map(([what, dollars, does]) => [what, ...dollars.map(inDollars), does]);
  return `A month in us-east-1 at list prices, without free tiers, the API's own bill and messages by e-mail of others. A run of ${RUN_MINUTES} minutes was counted: ${ledger.writeUnits} write units (the cost page reckons with ${FIRING.writes}, ${inDollars(FIRING.writes * PRICE.ledgerWrite * 1_000)} a thousand), ${polls} polls, ${logKb.toFixed(0)} kB of log (${FIRING.logKb}).\n\n${table(head, lines)}`;
}
