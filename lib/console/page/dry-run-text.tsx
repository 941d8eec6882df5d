import type { DryRun } from '../console-data.ts';

type Ready = Extract<DryRun, { kind: 'ready' }>;

/** What would start, or why nothing would: nothing has been sent. */
export function DryRunText({ dryRun }: { dryRun: DryRun }) {
  if (dryRun.kind !== 'ready') {
    return (
      <p class="warn" role="status">
        It would not start: <bdi>{dryRun.reason}</bdi>
      </p>
    );
  }
  const { scenarios, admission, budgets, request } = dryRun;
  return (
    <>
      <p role="status">
        <b>{headOf(admission)}</b>
        {admission.kind !== 'admitted' && `: ${admission.reason}`} Nothing was sent yet.
      </p>
      {budgets.map(({ of, period, unit, spent, limit }) => (
        <p key={`${of} ${period} ${unit}`}>
          {of === 'all' ? 'Budget of all' : 'Budget'}: {Math.max(0, limit - spent)} of {limit}{' '}
          {unit} left, {period}
        </p>
      ))}
      {scenarios ? (
        <ul class="scenarios">
          {scenarios.map(({ id, name, rows }) => (
            <li key={id}>
              <bdi>{name}</bdi>
              {rows !== undefined && <span class="dim"> {rows} calls</span>}
            </li>
          ))}
        </ul>
      ) : (
        <p>Its scenarios cannot be listed now.</p>
      )}
      <details>
        <summary>The request</summary>
        <pre>{`${request.method} ${request.url}\n\n${request.body}`}</pre>
      </details>
    </>
  );
}

function headOf({ kind }: Ready['admission']): string {
  if (kind === 'admitted') return 'It would start.';
  return kind === 'waiting' ? 'It would wait' : 'It would be skipped';
}
