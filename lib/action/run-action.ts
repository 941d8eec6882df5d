import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { EXIT, type Io } from '../cli/io.ts';
import { run } from '../cli/run.ts';

/** The exit codes of `rtt fire`, in the words of `fail-on`. What is missing here always fails the job. */
const FAILS = new Map<number, string>([
  [EXIT.failed, 'failed'],
  [EXIT.notStarted, 'not-started'],
  [EXIT.timedOut, 'timed-out'],
  [EXIT.lostSight, 'no-answer'],
]);

const reportSchema = z.object({
  cases: z.array(z.object({ outcome: z.string(), message: z.string().optional() })),
  facts: z.array(z.tuple([z.string(), z.string()])).transform((facts) => new Map(facts)),
});
type Report = z.infer<typeof reportSchema>;

/** Names of the outputs, and the facts that they tell. */
const OUTPUTS = {
  firing: 'firing',
  'execution-id': 'execution id',
  verdict: 'result',
  'success-rate': 'success rate',
  link: 'link',
} as const;

/**
 * What the GitHub Action does: `rtt fire` with the inputs of the environment. Writes the outputs, the summary of the job
 * and one annotation. Resolves with the exit code of the job.
 * @param target further words that say which service is meant.
 */
export async function runAction(io: Io, target: readonly string[] = []): Promise<number> {
  const { environment } = io;
  const folder = mkdtempSync(join(tmpdir(), 'run-test-action-'));
  try {
    const json = join(folder, 'report.json');
    const summary = join(folder, 'report.md');
    const code = await run([...argumentsOf(environment, { json, summary }), ...target], io);
    if (existsSync(summary)) append(environment.GITHUB_STEP_SUMMARY, readFileSync(summary, 'utf8'));
    if (existsSync(json)) {
      const report = reportSchema.parse(JSON.parse(readFileSync(json, 'utf8')));
      append(environment.GITHUB_OUTPUT, outputsOf(report));
      io.stdout.write(annotationOf(report, code, input(environment, 'trigger')));
    }
    const word = FAILS.get(code);
    const failOn = input(environment, 'fail-on')
      .split(',')
      .map((each) => each.trim());
    return word !== undefined && !failOn.includes(word) ? EXIT.ok : code;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

type Environment = Io['environment'];

/** As GitHub passes an input of action.yml. */
function input(environment: Environment, name: string): string {
  return environment[`INPUT_${name.toUpperCase()}`]?.trim() ?? '';
}

function argumentsOf(
  environment: Environment,
  files: { readonly json: string; readonly summary: string },
): string[] {
  const stage = input(environment, 'stage');
  const scenarios = input(environment, 'scenarios')
    .split('\n')
    .map((each) => each.trim());
  const waits = input(environment, 'wait') !== 'false';
  const { GITHUB_RUN_ID = '0', GITHUB_JOB = 'job' } = environment;
  // The same in every attempt, so a repeated job finds what a lost runner has started.
  const id = `github-${GITHUB_RUN_ID}-${GITHUB_JOB}`.replace(/[^\w.-]/g, '-').slice(0, 64);
  const wait = [
    '--wait',
    '--timeout',
    input(environment, 'timeout') || '6h',
    '--report',
    `json=${files.json},markdown=${files.summary}`,
  ];
  return [
    'fire',
    input(environment, 'trigger'),
    '--id',
    id,
    ...(waits ? wait : []),
    ...(stage === '' ? [] : ['--stage', stage]),
    ...scenarios.filter((each) => each !== '').flatMap((each) => ['--scenario', each]),
  ];
}

function append(file: string | undefined, text: string): void {
  if (file !== undefined && file !== '') appendFileSync(file, text);
}

function outputsOf({ facts }: Report): string {
  return Object.entries(OUTPUTS)
    .flatMap(([name, fact]) => {
      const value = facts
        .get(fact)
        ?.replace(/ %$/, '')
        .replaceAll(/[\r\n]/g, ' ');
      return value === undefined ? [] : [`${name}=${value}\n`];
    })
    .join('');
}

/** A workflow command (GitHub's documentation, "Workflow commands"); nothing for a run that passed. */
function annotationOf({ cases: [verdict] }: Report, code: number, trigger: string): string {
  if (code === EXIT.ok) return '';
  const level = verdict?.outcome === 'skipped' ? 'warning' : 'error';
  return `::${level} title=${property(trigger)}::${data(verdict?.message ?? '')}\n`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
