import type { AdmissionDecision } from '../../lambda/policies/admission.ts';
import type { DryRun } from '../../lambda/trigger/dry-run.ts';
import { callsOf } from '../doctor/trigger-check.ts';
import type { Style } from './style.ts';
import { details, table } from './table.ts';
import { oneLine } from './text.ts';

/** The request is shown whole, with its headers but without the key. Names of scenarios are cut to one line. Pure. */
export function formatDryRun(dryRun: DryRun, style: Style): string {
  if (dryRun.kind !== 'ready') {
    return `${style(['bold', 'red'], 'Would not start')}\n${details([['reason', dryRun.reason]], style)}`;
  }
  const { runTestId, scenarios, request, admission, budgets } = dryRun;
  const calls = scenarios && callsOf(scenarios);
  const facts = details(
    [
      ['run test', runTestId],
      ['scenarios', scenarios?.length ?? 'cannot be listed now'],
      ['calls', calls],
      ['policies', policiesSay(admission)],
      ...budgets.map(
        ({ of, period, unit, spent, limit }) =>
          [
            of === 'all' ? 'budget of all' : 'budget',
            `${limit - spent} of ${limit} ${unit} left ${period.length > 7 ? 'on' : 'in'} ${period}`,
          ] as const,
      ),
    ],
    style,
  );
  const rows = (scenarios ?? []).map(({ id, name, rows: calls }) => [
    id,
    calls === undefined ? '' : String(calls),
    oneLine(name),
  ]);
  const headers = Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`);
  const message = [`${request.method} ${request.url}`, ...headers, '', request.body];
  return [
    `${headOf(admission, style)}  ${style('dim', 'nothing was sent')}\n`,
    facts,
    rows.length > 0 ? `\n${table(['SCENARIO', 'CALLS', 'NAME'], rows, style)}` : '',
    `\n${style('dim', 'REQUEST')}\n${message.join('\n')}\n`,
  ].join('');
}

function headOf({ kind }: AdmissionDecision, style: Style): string {
  if (kind === 'admitted') return style(['bold', 'green'], 'Would start');
  return kind === 'waiting'
    ? style(['bold', 'yellow'], 'Would wait')
    : style(['bold', 'red'], 'Would be skipped');
}

function policiesSay(admission: AdmissionDecision): string {
  return admission.kind === 'admitted'
    ? ['would let it start', ...admission.warnings.map((warning) => `with it: ${warning}`)].join(
        '; ',
      )
    : admission.reason;
}
