import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type Answer, type Fault, read } from './request.ts';

/** Counts up whenever the server has said that something changed. */
export const revision = signal(0);

/** Reads the path now and after each change; undefined until the first answer. What was shown stays while it is read again. */
export function useData<T>(path: string) {
  const [state, setState] = useState<{ path: string; value?: T; fault?: Fault }>({ path });
  const count = revision.value;
  const turns = useRef({ asked: 0, shown: 0, path });
  useEffect(() => {
    const { current } = turns;
    current.path = path;
    current.asked += 1;
    const turn = current.asked;
    const take = (answer: Answer<T>) => {
      // An earlier answer is shown until a later one is there, but never instead of it.
      if (current.path !== path || turn < current.shown) return;
      current.shown = turn;
      if (answer.ok) setState({ path, value: answer.value });
      else
        setState((before) => ({
          ...(before.path === path ? before : { path }),
          fault: answer.fault,
        }));
    };
    void read<T>(path).then(take);
  }, [path, count]);
  return state.path === path ? state : { path };
}

/** Has everything read again so often, as long as it is wanted: the server does not announce all that changes. */
export function useReadAgain(everyMs: number, isWanted: boolean): void {
  useEffect(() => {
    if (!isWanted) return;
    const timer = setInterval(() => {
      revision.value += 1;
    }, everyMs);
    return () => clearInterval(timer);
  }, [everyMs, isWanted]);
}

/** A fault does not hide what was read before: that stays below it. */
export function Loaded<T>({
  data: { value, fault },
  children,
}: {
  data: { value?: T; fault?: Fault };
  children: (value: T) => ComponentChildren;
}) {
  return (
    <>
      {fault && <FaultBox fault={fault} isStale={value !== undefined} />}
      {value !== undefined && children(value)}
      {value === undefined && !fault && (
        <p class="dim" role="status">
          Loading …
        </p>
      )}
    </>
  );
}

const HEADS = {
  gone: 'The service is gone',
  'no-key': 'No access',
  refused: 'That cannot be shown',
} as const;

/** With `isStale`, older data is shown below it. */
export function FaultBox({ fault, isStale = false }: { fault: Fault; isStale?: boolean }) {
  return (
    <div class="box bad" role="alert">
      <b>{HEADS[fault.kind]}</b>
      <p>{fault.message}</p>
      {isStale && (
        <p class="dim">Below is what was known before. This page tries again by itself.</p>
      )}
    </div>
  );
}
