import { EVENT_KINDS } from '../firing/event-kind.ts';
import { type ServiceEvent, serviceEventSchema } from '../firing/service-event.ts';
import { type Facts, factsOf, reasonsOf, type Setting, timezoneOf } from './facts.ts';
import { withLocalTimes } from './local-time.ts';
import { commandOf, headlineOf, sentenceOf, subjectOf } from './words.ts';

/** An event in words, whatever carries them: first what happened, then why, then what to do. */
export interface Told {
  readonly sentence: string;
  readonly subject: string;
  /** Above the reasons. */
  readonly heading: 'Why' | 'By trigger';
  readonly reasons: readonly string[];
  /** What to do, and the command that does it or shows more. */
  readonly steps: readonly string[];
  readonly facts: Facts;
  readonly mark: Mark;
}

/** What a receiver sorts messages by. */
interface Mark {
  /** The same in each copy of a message. */
  readonly id: string;
  readonly symbol: string;
  readonly eventType: string;
  /** Messages with the same thread belong together: the trigger, where there is one. */
  readonly thread: string;
  readonly keywords: readonly string[];
  readonly resources: readonly string[];
  readonly link?: string | undefined;
}

/**
 * Text of servers and senders is put into one line, so that it cannot look like another fact. Throws where the event
 * does not fit its schema.
 */
export function toldOf(published: ServiceEvent, setting: Setting): Told {
  const read = serviceEventSchema.parse(JSON.parse(JSON.stringify(published), oneLine));
  const zone = timezoneOf(read, setting);
  const event = { ...read, reasons: read.reasons.map((reason) => withLocalTimes(reason, zone)) };
  const headline = headlineOf(event);
  const sentence = sentenceOf(headline);
  const reasons = reasonsOf(event, setting);
  return {
    sentence,
    subject: subjectOf(setting.service, headline),
    heading: 'Why',
    reasons: [...unsaid(reasons[0], sentence), ...reasons.slice(1)],
    steps: [event.what_to_do, commandOf(event, setting.service)].filter(
      (step) => step !== undefined,
    ),
    facts: factsOf(event, setting),
    mark: {
      id: event.id,
      symbol: EVENT_KINDS[event.kind].symbol,
      eventType: EVENT_KINDS[event.kind].detailType,
      thread: event.trigger,
      keywords: [event.trigger, event.kind],
      resources: [event.firing, event.execution_id].flatMap((id) => id ?? []),
      link: event.link,
    },
  };
}

/** As much of the first reason as the headline has not said. */
function unsaid(reason: string | undefined, sentence: string): string[] {
  if (reason === undefined) return [];
  const [first = '', ...others] = reason.split('. ');
  if (!sentence.endsWith(`: ${first.replace(/\.$/, '')}`)) return [reason];
  return others.length > 0 ? [others.join('. ')] : [];
}

/** What shows as nothing, blank letters among it; not the variation of an emoji (U+FE0F). */
const BLANK = /(?:(?!\ufe0f)[\s\p{Cc}\p{Cf}\p{DI}\u2800])+/gu;

/** The API's own words must not look like a section of ours, nor hide what they are. */
export function oneLine(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replace(BLANK, ' ').trim() : value;
}
