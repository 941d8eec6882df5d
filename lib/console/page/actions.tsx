import type { TestKind } from '../console-data.ts';
import { ask, type Question, REASON } from './question.tsx';

interface AskButtonProps {
  readonly text: string;
  /** It ends something. */
  readonly isStop?: boolean;
  readonly question: Question;
}

function AskButton({ text, isStop = false, question }: AskButtonProps) {
  return (
    <button type="button" class={isStop ? 'stop' : ''} onClick={() => ask(question)}>
      {text}
    </button>
  );
}

/** Starts a trigger: first shows what would start, then asks. */
export function FireButton({ trigger }: { trigger: string }) {
  const question: Question = {
    title: `Fire ${trigger}`,
    plan: { action: 'dry-run', trigger },
    action: (_, requestId) => ({ action: 'fire', trigger, requestId }),
  };
  return <AskButton text="Fire now" question={question} />;
}

/** Pauses a trigger, or all of them, or ends the pause. */
export function PauseButton({ trigger, isPaused }: { trigger?: string; isPaused: boolean }) {
  const action = isPaused ? 'resume' : 'pause';
  const verb = isPaused ? 'Resume' : 'Pause';
  const of = trigger === undefined ? {} : { trigger };
  const question: Question = {
    title: `${verb} ${trigger ?? 'every trigger'}`,
    text: REASON,
    action: (reason) => ({ action, reason, ...of }),
  };
  const text = trigger === undefined ? `${verb} everything` : verb;
  return <AskButton text={text} isStop={trigger === undefined && !isPaused} question={question} />;
}

/** Sends a delivery or an event that may fire a trigger. */
export function TestButton({ trigger, test }: { trigger: string; test: TestKind }) {
  return <AskButton text={`Test ${test.kind}`} question={testOf(trigger, test)} />;
}

function testOf(trigger: string, test: TestKind): Question {
  if (test.kind === 'delivery') {
    const label = 'Body, signed as its sender signs. What passes its filter starts a run.';
    return {
      title: `Deliver to ${trigger}`,
      text: { label, initial: '{}', isLong: true },
      action: (body, requestId) => ({ action: 'deliver', trigger, requestId, body }),
    };
  }
  const { bus, example } = test;
  const label = 'Event. Every trigger whose pattern matches starts a run.';
  return {
    title: `Send an event to ${bus}`,
    text: { label, initial: example, isLong: true },
    action: (event) => ({ action: 'event', bus, event }),
  };
}

/** Asks for a reason first. The firing keeps its id; one click sends once. */
export function RetryButton({ firing }: { firing: string }) {
  const question: Question = {
    title: 'Send it again',
    text: REASON,
    action: (reason, requestId) => ({ action: 'retry', firing, reason, requestId }),
  };
  return <AskButton text="Send again" question={question} />;
}

/** Has the server cancel what a firing has started. */
export function CancelButton({ firing }: { firing: string }) {
  const question: Question = {
    title: 'Cancel the execution',
    text: REASON,
    action: (reason) => ({ action: 'cancel', firing, reason }),
  };
  return <AskButton text="Cancel the execution" isStop question={question} />;
}
