import type { SummaryEvent } from '../firing/service-event.ts';
import { isState, STATES } from '../firing/states.ts';
import { firstOf } from '../runtime/first-of.ts';
import { dashboardOf, fromCents, type Setting } from './facts.ts';
import { timeText } from './local-time.ts';
import type { Told } from './told.ts';
import { sentenceOf, subjectOf } from './words.ts';

const MOST_LINES = 30;

/** What is told of a summary, also when nothing ran. */
export function summaryTold(summary: SummaryEvent, setting: Setting): Told {
  const { service, timezone } = setting;
  const { outcomes, triggers, from, until } = summary;
  const runs = runsIn(outcomes);
  const headline = {
    trigger: runs === 0 ? 'Nothing' : runs === 1 ? '1 run' : `${runs} runs`,
    verb: runs === 0 ? 'ran since the last summary' : 'since the last summary',
    reason: listed(outcomes),
  };
  const lines = triggers.map(({ trigger, outcomes: own, success_rate, cost }) => {
    const rate = success_rate === undefined ? '' : ` (${success_rate} % passed)`;
    return `${trigger}: ${listed(own)}${rate}${cost ? `, ${costText(cost, runsIn(own))}` : ''}`;
  });
  return {
    sentence: sentenceOf(headline),
    subject: subjectOf(service, headline),
    heading: 'By trigger',
    reasons: firstOf(lines, MOST_LINES),
    steps: [],
    facts: [
      ['From', timeText(from, timezone)],
      ['Until', timeText(until, timezone)],
      ...(summary.cost ? [['Cost', costText(summary.cost, runs)] as const] : []),
      ...dashboardOf(setting),
    ],
    mark: {
      id: summary.id,
      symbol: '📋',
      eventType: 'Summary',
      thread: 'summary',
      keywords: ['summary'],
      resources: [],
    },
  };
}

/** Runs of which the API told no cost are not in it. */
function costText({ cents, runs }: NonNullable<SummaryEvent['cost']>, of: number): string {
  return `${fromCents(cents)} in ${runs} of ${of} run${of === 1 ? '' : 's'}`;
}

function runsIn(outcomes: Readonly<Record<string, number>>): number {
  return Object.entries(outcomes).reduce(
    (sum, [outcome, count]) => (hasRun(outcome) ? sum + count : sum),
    0,
  );
}

function hasRun(outcome: string): boolean {
  return !isState(outcome) || !STATES[outcome].hasNotRun;
}

/** The usual ones first. */
const ORDER = ['passed', 'failed', 'inconclusive', 'missed', 'skipped'];

function listed(outcomes: Readonly<Record<string, number>>): string {
  const names = [...ORDER, ...Object.keys(outcomes).filter((name) => !ORDER.includes(name))];
  return names.flatMap((name) => (outcomes[name] ? [`${outcomes[name]} ${name}`] : [])).join(', ');
}
