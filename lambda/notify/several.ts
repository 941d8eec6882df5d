import { EVENT_KINDS } from '../firing/event-kind.ts';
import type { SeveralEvents } from '../firing/service-event.ts';
import { firstOf } from '../runtime/first-of.ts';
import { dashboardOf, type Setting } from './facts.ts';
import { timeText, withLocalTimes } from './local-time.ts';
import { oneLine, type Told } from './told.ts';
import { commandOf, cut, sentenceOf, subjectOf } from './words.ts';

type Brief = SeveralEvents['events'][number];

const MOST_LINES = 30;
const MOST_COMMANDS = 5;
const MOST_VERBS = 3;
const MOST_LINKS = 5;
const REASON_LENGTH = 160;

/** What is told of several events in one message; undefined where there are none. */
export function severalTold(published: SeveralEvents, setting: Setting): Told | undefined {
  const several: SeveralEvents = JSON.parse(JSON.stringify(published), oneLine);
  const events = several.events.map((event) => ({
    ...event,
    reason: withLocalTimes(event.reason, setting.timezone).replace(/\.$/, ''),
  }));
  const [first] = events;
  if (!first) return undefined;
  const triggers = [...new Set(events.map(({ trigger }) => trigger))];
  const { verb, isCounted } = verbOf(events, triggers.length > 1);
  const what = triggers.length === 1 ? first.trigger : `${triggers.length} triggers`;
  const headline = { trigger: isCounted ? `${what}:` : what, verb, reason: sharedReason(events) };
  const lines = [...Map.groupBy(events, ({ trigger }) => trigger)].flatMap(([trigger, own]) =>
    linesOf(trigger, own, headline.reason),
  );
  // What is paused starts nothing, whatever else is done.
  const paused = events.filter(({ kind }) => kind === 'paused');
  const toDo = paused.length > 0 ? paused : events;
  const commands = toDo.flatMap((event) => commandOf(event, setting.service) ?? []);
  const steps = [
    EVENT_KINDS[(toDo[0] ?? first).kind].whatToDo,
    ...new Set(commands.slice(0, MOST_COMMANDS)),
  ];
  return {
    sentence: sentenceOf(headline),
    subject: subjectOf(setting.service, headline),
    heading: 'By trigger',
    reasons: firstOf(lines, MOST_LINES),
    steps: steps.filter((step) => step !== undefined),
    facts: [
      ['When', timeText(several.time, setting.timezone)],
      ...(several.quiet_since === undefined
        ? []
        : [['Since', `${timeText(several.quiet_since, setting.timezone)}, quiet hours`] as const]),
      ...events
        .flatMap(({ trigger, link }) => (link === undefined ? [] : [[trigger, link] as const]))
        .slice(0, MOST_LINKS),
      ...dashboardOf(setting),
    ],
    mark: {
      id: several.id,
      symbol: EVENT_KINDS[first.kind].symbol,
      eventType: 'Several Events',
      thread: triggers.length === 1 ? first.trigger : 'several',
      keywords: [...new Set(events.map(({ kind }) => kind))],
      resources: events.flatMap(({ firing }) => firing ?? []).slice(0, MOST_LINES),
    },
  };
}

/** The reason that all have, as far as it can be said of all; empty where they have several. */
function sharedReason(events: readonly Brief[]): string {
  const [first = '', ...others] = new Set(events.map(({ reason }) => reason));
  const [sentence = ''] = first.split('. ');
  return others.length === 0 ? sentence.replace(/\.$/, '') : '';
}

/** `was refused and NOT started, is paused`; of triggers with different ends, how many had each. */
function verbOf(events: readonly Brief[], isPlural: boolean) {
  const byKind = Map.groupBy(events, ({ kind }) => kind);
  const counts = new Set([...byKind.values()].map((own) => own.length));
  const isSame = counts.size === 1 && sharedReason(events) !== '';
  const isCounted = !isSame && byKind.size > 1;
  const verbs = [...byKind].map(([kind, own]) => {
    const { headline } = EVENT_KINDS[kind];
    if (!isCounted) return isPlural ? pluralOf(headline) : headline;
    return `${own.length} ${own.length > 1 ? pluralOf(headline) : headline}`;
  });
  const more = verbs.length - MOST_VERBS;
  const verb = [...verbs.slice(0, MOST_VERBS), ...(more > 0 ? ['and others'] : [])].join(', ');
  return { verb, isCounted };
}

const PLURALS: readonly (readonly [RegExp, string])[] = [
  [/^was\b/, 'were'],
  [/^has\b/, 'have'],
  [/^is\b/, 'are'],
  [/^runs\b/, 'run'],
  [/^passes\b/, 'pass'],
];

function pluralOf(headline: string): string {
  return PLURALS.reduce((text, [singular, plural]) => text.replace(singular, plural), headline);
}

/** What has one reason for all is in one line a trigger; else each event has its own. */
function linesOf(trigger: string, events: readonly Brief[], shared: string): string[] {
  if (shared !== '') {
    const verbs = events.map(({ kind }) => EVENT_KINDS[kind].headline);
    return [`${trigger} ${verbs.join(', ')}`];
  }
  return events.map(({ kind, reason }) => {
    const why = kind === 'recovered' ? '' : cut(reason, REASON_LENGTH);
    return [`${trigger} ${EVENT_KINDS[kind].headline}`, why].filter(Boolean).join(': ');
  });
}
