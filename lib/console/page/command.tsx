import { useState } from 'preact/hooks';

/** A command line, with a button that copies it. */
export function Command({ command }: { command: string }) {
  const [state, setState] = useState('Copy');
  const copy = () =>
    navigator.clipboard.writeText(command).then(
      () => setState('Copied'),
      () => setState('Cannot be copied here'),
    );
  return (
    <div class="command">
      <pre>{command}</pre>
      <button type="button" onClick={copy} aria-label={`${state}: ${command}`}>
        {state}
      </button>
    </div>
  );
}
