import { ask } from './question.tsx';

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
      wantsReason: true,
      action: (reason) => ({ action, reason, ...of }),
    });
  const isKillSwitch = trigger === undefined && !isPaused;
  return (
    <button type="button" class={isKillSwitch ? 'stop' : ''} onClick={pause}>
      {trigger === undefined ? `${verb} everything` : verb}
    </button>
  );
}

/** Sends a firing again. */
export function RetryButton({ firing }: { firing: string }) {
  const retry = () => {
    const requestId = newRequestId();
    ask({
      title: 'Send it again',
      wantsReason: true,
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
      wantsReason: true,
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
