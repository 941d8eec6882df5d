import type { TestKind } from '../console-data.ts';
import { ask, REASON } from './question.tsx';

/** Starts a trigger: first shows what would start, then asks. */
export function FireButton({ trigger }: { trigger: string }) {
  const fire = () => {
    const requestId = newRequestId();
    ask({
      title: `Fire ${trigger}`,
      plan: { action: 'dry-run', trigger },
      action: () => ({ action: 'fire', trigger, requestId }),
    });
  };
  return (
    <button type="button" onClick={fire}>
      Fire now
    </button>
  );
}

/** Pauses a trigger, or all of them, or ends the pause. */
export function PauseButton({ trigger, isPaused }: { trigger?: string; isPaused: boolean }) {
  const action = isPaused ? 'resume' : 'pause';
  const verb = isPaused ? 'Resume' : 'Pause';
  const of = trigger === undefined ? {} : { trigger };
  const pause = () =>
    ask({
      title: `${verb} ${trigger ?? 'every trigger'}`,
      text: REASON,
      action: (reason) => ({ action, reason, ...of }),
    });
  const isKillSwitch = trigger === undefined && !isPaused;
  return (
    <button type="button" class={isKillSwitch ? 'stop' : ''} onClick={pause}>
      {trigger === undefined ? `${verb} everything` : verb}
    </button>
  );
}

/** Sends a delivery or an event that may fire a trigger. */
export function TestButton({ trigger, test }: { trigger: string; test: TestKind }) {
  const send = () => {
    const requestId = newRequestId();
    if (test.kind === 'delivery') {
      ask({
        title: `Deliver to ${trigger}`,
        text: {
          label: 'Body, signed as its sender signs. What passes its filter starts a run.',
          initial: '{}',
          isLong: true,
        },
        action: (body) => ({ action: 'deliver', trigger, requestId, body }),
      });
    } else {
      ask({
        title: `Send an event to ${test.bus}`,
        text: {
          label: 'Event. Every trigger whose pattern matches starts a run.',
          initial: test.example,
          isLong: true,
        },
        action: (event) => ({ action: 'event', bus: test.bus, event }),
      });
    }
  };
  return (
    <button type="button" onClick={send}>
      {test.kind === 'delivery' ? 'Test delivery' : 'Test event'}
    </button>
  );
}

/** Sends a firing again. */
export function RetryButton({ firing }: { firing: string }) {
  const retry = () => {
    const requestId = newRequestId();
    ask({
      title: 'Send it again',
      text: REASON,
      action: (reason) => ({ action: 'retry', firing, reason, requestId }),
    });
  };
  return (
    <button type="button" onClick={retry}>
      Send again
    </button>
  );
}

/** Has the server cancel what a firing has started. */
export function CancelButton({ firing }: { firing: string }) {
  const cancel = () =>
    ask({
      title: 'Cancel the execution',
      text: REASON,
      action: (reason) => ({ action: 'cancel', firing, reason }),
    });
  return (
    <button type="button" class="stop" onClick={cancel}>
      Cancel the execution
    </button>
  );
}

/** What is sent twice with it is done once. */
function newRequestId(): string {
  return `console-${crypto.randomUUID()}`;
}
