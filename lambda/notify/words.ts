import { EVENT_KINDS } from '../firing/event-kind.ts';
import type { ServiceEvent, SeveralEvents } from '../firing/service-event.ts';

/** SNS takes less than 100 ASCII characters (API reference, Publish). */
const SUBJECT_LENGTH = 99;
/** What is always left of a name. */
const LEAST_NAME = 12;
/** As much of a reason as a preview shows. */
const PREVIEW_REASON = 200;

/** What happened, in one line: the name, the verb, and the reason with its number. */
export interface Headline {
  readonly trigger: string;
  readonly verb: string;
  readonly reason: string;
}

/** Of the reasons it has the first sentence of the first one. Pure. */
export function headlineOf(event: ServiceEvent): Headline {
  const { trigger, kind, result, reasons } = event;
  // An execution that is not followed has started, and nobody knows more.
  const startsAgain = kind === 'recovered' && !result;
  const verb = startsAgain ? 'starts again' : EVENT_KINDS[kind].headline;
  const [first = ''] = kind === 'recovered' ? [] : reasons;
  // The first sentence says it; the others explain.
  const [sentence = ''] = first.split('. ');
  return { trigger, verb, reason: sentence.replace(/\.$/, '') };
}

/** Short enough for the preview of a notification. */
export function sentenceOf({ trigger, verb, reason }: Headline): string {
  return [`${trigger} ${verb}`, cut(reason, PREVIEW_REASON)].filter(Boolean).join(': ');
}

/** As SNS takes it. What is too long is cut from the reason and the names, never from the verb. */
export function subjectOf(service: string, { trigger, verb, reason }: Headline): string {
  const own = cut(service, SUBJECT_LENGTH - LEAST_NAME - verb.length - '[] '.length - 1, '~');
  const start = `[${own}] `;
  const rest = SUBJECT_LENGTH - start.length - verb.length - 1;
  const name = cut(trigger, Math.max(LEAST_NAME, rest - reason.length - 2), '~');
  return cut(ascii([`${start}${name} ${verb}`, reason].filter(Boolean).join(': ')), SUBJECT_LENGTH);
}

/** The text, or as much of it as has this length with its mark. */
export function cut(text: string, length: number, mark = '...'): string {
  const kept = Math.max(0, length - mark.length);
  return text.length <= length ? text : `${text.slice(0, kept).trimEnd()}${mark}`;
}

const ASCII: Readonly<Record<string, string>> = {
  '’': "'",
  '“': '"',
  '”': '"',
  '…': '...',
  '–': '-',
};

function ascii(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7e]/gu, (character) => ASCII[character] ?? '?');
}

const PROJECT = 'run-test-trigger';

type Subject = Pick<SeveralEvents['events'][number], 'kind' | 'trigger' | 'firing'>;

/** The command that does what is to be done, or shows what there is; it runs as it stands. */
export function commandOf(event: Subject, service: string): string | undefined {
  const { command, of } = EVENT_KINDS[event.kind].next ?? {};
  const object = of === 'trigger' ? event.trigger : event.firing;
  if (command === undefined || object === undefined) return undefined;
  const reason = command === 'retry' || command === 'resume' ? ' --reason "put right"' : '';
  const stage = service.startsWith(`${PROJECT}-`)
    ? ` --stage ${service.slice(PROJECT.length + 1)}`
    : '';
  return `npx rtt ${command} ${object}${reason}${stage}`;
}
