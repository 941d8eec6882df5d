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

export function accessHeaders(): Record<string, string> {
  return { authorization: `Local Credential=${sessionStorage.getItem(STORED) ?? ''}/` };
}
