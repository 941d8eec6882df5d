import { count } from '../count.ts';
import type { AccountCheck } from '../deploy/account-checks.ts';
import { type Diagnosis, diagnose, type Setup } from '../doctor/diagnose.ts';
import { EXIT } from './io.ts';
import { answer, type Session } from './program.ts';
import type { Style } from './style.ts';
import { details } from './table.ts';

/** One line of `rtt doctor`, in text and in `--json`. */
export interface Check extends AccountCheck {
  /** That puts it right: on a line of its own, so that it can be copied. */
  readonly command?: string;
}

/** The key, the server and the triggers, as the API sees them. */
export async function apiChecks(setup: Setup): Promise<Check[]> {
  const diagnosis = await diagnose(setup);
  return [...serverChecks(diagnosis), ...triggerChecks(diagnosis)];
}

function serverChecks({ configured, server, problems }: Diagnosis): Check[] {
  if (problems.length > 0) return problems.map((found) => ({ what: 'API', found, ok: false }));
  const answering = server.find(({ probe }) => probe.kind === 'answers');
  const key = answering?.credentials === 'pair' ? 'a key pair' : 'a single key';
  const found = `the server accepts ${key}; api.dialect ${configured} is right`;
  return [{ what: 'API', found, ok: true }];
}

function triggerChecks({ triggers }: Diagnosis): Check[] {
  return triggers.flatMap<Check>(({ trigger: what, scenarios = [], calls, problems }) => {
    if (problems.length > 0) return problems.map((found) => ({ what, found, ok: false }));
    const makes = calls === undefined ? '' : `, ${count(calls, 'call')}`;
    const found = `would run ${count(scenarios.length, 'scenario')}${makes}`;
    return [{ what, found, ok: true }];
  });
}

/** Prints the checks; the exit code is 0 when all are ok. */
export function report(checks: readonly Check[], session: Session): void {
  session.io.exitCode = checks.every(({ ok }) => ok) ? EXIT.ok : EXIT.failed;
  answer(session, checks, (style) => formatChecks(checks, style));
}

/** The checks by what they are about, each with its mark. */
export function formatChecks(checks: readonly Check[], style: Style): string {
  const mark: Style = (_format, text) => style(text === '✓' ? 'green' : 'red', text);
  return [...Map.groupBy(checks, ({ what }) => what)]
    .map(([what, own]) => {
      const lines = own.map(({ found, ok, command }) => {
        const row = details([[ok ? '✓' : '✗', found]], mark);
        return command === undefined ? row : `${row}     ${style('cyan', command)}\n`;
      });
      return `${style('bold', what)}\n${lines.join('')}`;
    })
    .join('');
}
