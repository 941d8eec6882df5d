import { signal } from '@preact/signals';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { Action, ActionResult } from '../console-data.ts';
import { DryRunText } from './dry-run-text.tsx';
import { FaultBox, revision, useData } from './loaded.tsx';
import { type Answer, send } from './request.ts';
import { firingLink, route } from './route.ts';

/**
 * `plan` is a dry run that is shown first. Without `text` nothing is typed, and `action` gets an empty one. The request id
 * is one for each time it is asked: what is sent twice with it is done once.
 */
export interface Question {
  readonly title: string;
  readonly plan?: Action;
  readonly text?: {
    readonly label: string;
    readonly initial?: string;
    readonly isLong?: boolean;
  };
  readonly action: (text: string, requestId: string) => Action;
}

/** What stays in the ledger with the person's name. */
export const REASON = { label: 'Reason (it stays in the ledger)' };

const question = signal<Question | undefined>(undefined);

/** Asks, does what is confirmed, and shows what came of it, also when the button that asked is gone by then. */
export function ask(asked: Question): void {
  question.value = asked;
}

/** The place of the question, which ends when the person goes elsewhere. */
export function QuestionPlace() {
  const at = route.value;
  useEffect(() => {
    question.value = undefined;
  }, [at]);
  const asked = question.value;
  return asked ? <QuestionDialog key={asked.title} {...asked} /> : null;
}

function QuestionDialog({ title, plan, text: wanted, action }: Question) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [heading, field] = [useId(), useId()];
  const [requestId] = useState(() => `console-${crypto.randomUUID()}`);
  const [text, setText] = useState(wanted?.initial ?? '');
  const [planned, setPlanned] = useState<Answer<ActionResult>>();
  const [result, setResult] = useState<Answer<ActionResult>>();
  const [isBusy, setBusy] = useState(false);
  const person = useData<{ readonly person: string }>('person').value?.person;
  useEffect(() => {
    dialog.current?.showModal();
    if (plan) void send(plan).then(setPlanned);
  }, []);
  const confirm = async () => {
    setBusy(true);
    setResult(await send(action(text, requestId)));
    setBusy(false);
    revision.value += 1;
  };
  const isReady = !isBusy && (!plan || planned?.ok === true) && (!wanted || text.trim() !== '');
  const end = () => {
    question.value = undefined;
  };
  return (
    <dialog ref={dialog} aria-labelledby={heading} onClose={end}>
      <h2 id={heading}>{title}</h2>
      {plan && !planned && <p role="status">Looking at what would start …</p>}
      {planned && !result && <Outcome answer={planned} />}
      {wanted && !result && (
        <div class="text-field">
          <label for={field}>{wanted.label}</label>
          {wanted.isLong ? (
            <textarea
              id={field}
              rows={8}
              value={text}
              spellcheck={false}
              onInput={(event) => setText(event.currentTarget.value)}
            />
          ) : (
            <input
              id={field}
              value={text}
              maxLength={500}
              onInput={(event) => setText(event.currentTarget.value)}
            />
          )}
        </div>
      )}
      {result && <Outcome answer={result} />}
      {!result && person !== undefined && (
        <p class="dim">
          You act as <bdi>{person}</bdi>.{wanted === REASON && ' The ledger keeps your name.'}
        </p>
      )}
      <div class="buttons">
        <button type="button" onClick={() => dialog.current?.close()}>
          {result ? 'Close' : 'Do nothing'}
        </button>
        {!result && (
          <button type="button" class="primary" disabled={!isReady} onClick={confirm}>
            {isBusy ? 'Working …' : title}
          </button>
        )}
      </div>
    </dialog>
  );
}

function Outcome({ answer }: { answer: Answer<ActionResult> }) {
  if (!answer.ok) return <FaultBox fault={answer.fault} />;
  const { value } = answer;
  switch (value.kind) {
    case 'dry-run':
      return <DryRunText dryRun={value.dryRun} />;
    case 'done':
      return (
        <p role="status">
          <bdi>{value.message}</bdi>{' '}
          {value.firing !== undefined && <a href={firingLink(value.firing)}>Show the firing</a>}
        </p>
      );
    case 'fired':
      return (
        <p role="status">
          <bdi>{value.report.message ?? value.report.summary}</bdi>{' '}
          <a href={firingLink(value.report.firing)}>Show the firing</a>
        </p>
      );
  }
}
