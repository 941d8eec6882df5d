import { EVENT_KINDS, type EventKind } from '../firing/event-kind.ts';

const PROJECT = 'run-test-trigger';

interface Subject {
  readonly kind: EventKind;
  readonly trigger: string;
  readonly firing?: string | undefined;
}

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
