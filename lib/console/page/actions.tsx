import { useId, useRef, useState } from 'preact/hooks';
import type { Action, ActionResult } from '../console-data.ts';
import { DryRunText } from './dry-run-text.tsx';
import { FaultBox, revision } from './loaded.tsx';
import { type Answer, send } from './request.ts';
import { firingLink } from './route.ts';

/** Starts a trigger: first shows what would start, then asks. */
export function FireButton({ trigger }: { trigger: string }) {
  return (
    <Asked
      label="Fire now"
      title={`Fire ${trigger}`}
      plan={{ action: 'dry-run', trigger }}
      action={() => ({ action: 'fire', trigger, requestId: newRequestId() })}
    />
  );
}

/** Pauses a trigger, or all of them, or ends the pause. */
export function PauseButton({ trigger, isPaused }: { trigger?: string; isPaused: boolean }) {
  const action = isPaused ? 'resume' : 'pause';
  const verb = isPaused ? 'Resume' : 'Pause';
  const of = trigger === undefined ? {} : { trigger };
  return (
    <Asked
      label={trigger === undefined ? `${verb} everything` : verb}
      isStop={trigger === undefined && !isPaused}
      title={`${verb} ${trigger ?? 'every trigger'}`}
      wantsReason
      action={(reason) => ({ action, reason, ...of })}
    />
  );
}

/** Sends a firing again. */
export function RetryButton({ firing }: { firing: string }) {
  return (
    <Asked
      label="Send again"
      title="Send it again"
      wantsReason
      action={(reason) => ({ action: 'retry', firing, reason, requestId: newRequestId() })}
    />
  );
}

/** What is sent twice with it is done once. */
function newRequestId(): string {
  return `console-${crypto.randomUUID()}`;
}

interface AskedProps {
  readonly label: string;
  readonly title: string;
  /** What is shown before the question. */
  readonly plan?: Action;
  readonly wantsReason?: boolean;
  /** It stops everything. */
  readonly isStop?: boolean;
  readonly action: (reason: string) => Action;
}

/** A button that asks before it does something, and shows what came of it. */
function Asked({ label, title, plan, wantsReason = false, isStop = false, action }: AskedProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const [reason, setReason] = useState('');
  const [planned, setPlanned] = useState<Answer<ActionResult>>();
  const [result, setResult] = useState<Answer<ActionResult>>();
  const [isBusy, setBusy] = useState(false);
  const open = () => {
    setReason('');
    setPlanned(undefined);
    setResult(undefined);
    dialog.current?.showModal();
    if (plan) void send(plan).then(setPlanned);
  };
  const confirm = async () => {
    setBusy(true);
    setResult(await send(action(reason)));
    setBusy(false);
    revision.value += 1;
  };
  const isReady =
    !isBusy && (!plan || planned?.ok === true) && (!wantsReason || reason.trim() !== '');
  return (
    <>
      <button type="button" class={isStop ? 'stop' : ''} onClick={open}>
        {label}
      </button>
      <dialog ref={dialog} aria-labelledby={heading}>
        <h2 id={heading}>{title}</h2>
        {plan && !planned && <p role="status">Looking at what would start …</p>}
        {planned && !result && <Outcome answer={planned} />}
        {wantsReason && !result && (
          <label class="reason-field">
            Reason (it stays in the ledger)
            <input
              value={reason}
              maxLength={500}
              onInput={(event) => setReason(event.currentTarget.value)}
            />
          </label>
        )}
        {result && <Outcome answer={result} />}
        <div class="buttons">
          <button type="button" onClick={() => dialog.current?.close()}>
            {result ? 'Close' : 'Cancel'}
          </button>
          {!result && (
            <button type="button" class="primary" disabled={!isReady} onClick={confirm}>
              {isBusy ? 'Working …' : title}
            </button>
          )}
        </div>
      </dialog>
    </>
  );
}

function Outcome({ answer }: { answer: Answer<ActionResult> }) {
  if (!answer.ok) return <FaultBox fault={answer.fault} />;
  const { value } = answer;
  switch (value.kind) {
    case 'dry-run':
      return <DryRunText dryRun={value.dryRun} />;
    case 'done':
      return <p role="status">{value.message}</p>;
    case 'fired':
      return (
        <p role="status">
          <bdi>{value.report.message ?? value.report.summary}</bdi>{' '}
          <a href={firingLink(value.report.firing)}>Show the firing</a>
        </p>
      );
  }
}
