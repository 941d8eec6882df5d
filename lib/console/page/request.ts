import type { Action, ActionResult } from '../console-data.ts';

/** What a person reads when a request has no answer. */
export interface Fault {
  /** `gone`: nothing listens there any more. `no-key`: the key is of an earlier run, or missing. */
  readonly kind: 'gone' | 'no-key' | 'refused';
  readonly message: string;
}

/** Requests do not reject: a fault is a value that the page shows. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fault: Fault };

const GONE: Fault = {
  kind: 'gone',
  message: 'The service does not answer. If it was stopped, start it again in its terminal',
};

/** Does what a person has confirmed. */
export function send(action: Action): Promise<Answer<ActionResult>> {
  return ask('actions', { method: 'POST', body: JSON.stringify(action) });
}

/** `path` is that below `/_console/`. `T` is not checked: the server has served this page, too. */
export function read<T>(path: string): Promise<Answer<T>> {
  return ask(path, {});
}

async function ask<T>(path: string, init: RequestInit): Promise<Answer<T>> {
  const response = await fetch(`/_console/${path}`, { ...init, headers: accessHeaders() }).catch(
    () => undefined,
  );
  if (!response) return { ok: false, fault: GONE };
  const body = await response.json().catch(() => undefined);
  if (body === undefined) return { ok: false, fault: GONE };
  if (response.ok) return { ok: true, value: body };
  const kind = response.status === 401 ? 'no-key' : 'refused';
  return { ok: false, fault: { kind, message: String(body.message) } };
}

const RETRY_MS = 2_000;

/**
 * Calls `changed` whenever the server says that something has changed, and each time that it can be reached again, or not
 * any more. EventSource cannot send the access key, so this reads the stream itself.
 */
export async function onChanges(changed: () => void): Promise<never> {
  for (let isFirst = true; ; isFirst = false) {
    const response = await fetch('/_console/changes', { headers: accessHeaders() }).catch(
      () => undefined,
    );
    const reader = response?.ok ? response.body?.getReader() : undefined;
    // What it begins with says that it can be reached: at first, the page has read everything already.
    let isToRead = !isFirst;
    for (let isOver = !reader; !isOver; ) {
      const chunk = await reader?.read().catch(() => undefined);
      isOver = chunk?.done ?? true;
      // Its end as well: then the service is gone, which the next reading shows.
      if (isToRead || isOver) changed();
      isToRead = true;
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    if (!reader) changed();
  }
}

/** Kept for this tab only: another page of this origin in another tab has to be opened with the key as well. */
const STORED = 'run-test-trigger.key';

/**
 * Takes the access key out of the address (`#key=…`), where the terminal has put it, and keeps it for this tab. What is
 * behind the # leaves the browser with no request.
 */
export function takeKey(): void {
  const [, key] = /^#key=(LOCAL[0-9A-F]+)$/.exec(location.hash) ?? [];
  if (key === undefined) return;
  sessionStorage.setItem(STORED, key);
  history.replaceState(null, '', '#/');
}

function accessHeaders(): Record<string, string> {
  return { authorization: `Local Credential=${sessionStorage.getItem(STORED) ?? ''}/` };
}
