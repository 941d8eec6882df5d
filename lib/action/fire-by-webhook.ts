import * as z from 'zod';
import { exchange } from '../../lambda/api/exchange.ts';
import { parseJson } from '../../lambda/api/json.ts';
import type { FiringReport } from '../../lambda/firing/firing-report.ts';
import { UUID } from '../../lambda/firing/selection.ts';
import { isState } from '../../lambda/firing/states.ts';
import { isOverBefore, MOST_RUNS_OF_ID } from '../cli/fire.ts';
import { exitCodeFor } from '../cli/firing-style.ts';
import { type GithubStep, githubStep } from '../cli/github-step.ts';
import { EXIT, type Io } from '../cli/io.ts';
import { readSpan } from '../cli/option-values.ts';
import { InputError } from '../input-error.ts';
import { factsOf, isOverIn, runOfReport } from '../report/run-of-report.ts';
import { signedHeaders } from '../target/signed-headers.ts';
import { input, jobId, scenariosIn } from './inputs.ts';

/** API Gateway answers within 30 s. */
const LIMITS = { connectMs: 5_000, totalMs: 35_000 };
const ASK_EVERY_MS = 5_000;
/** So many failures in a row, two minutes long. */
const MOST_FAILURES = 24;

/**
 * Fires by a signed delivery to the trigger's webhook and reads what becomes of it there: without access to AWS. A request
 * without an answer is repeated with its id, so it starts nothing twice. Resolves with an exit code of `rtt fire`.
 * Throws InputError for an input that cannot be used, and for a refused delivery.
 */
export async function fireByWebhook(io: Io): Promise<number> {
  const { environment, clock } = io;
  const trigger = input(environment, 'trigger');
  const hook = hookOf(environment, trigger);
  const body = bodyOf(scenariosIn(environment));
  const timeoutMs = readSpan(input(environment, 'timeout') || '6h');
  const step = githubStep(io);
  const until = clock.now().getTime() + timeoutMs;
  const fired = await fire(hook, jobId(environment), body, io);
  if ('fault' in fired) {
    const unseen = { name: 'verdict', outcome: 'error', message: fired.fault } as const;
    step.over({ trigger, cases: [unseen], facts: [] });
    return fired.kind === 'filtered' ? EXIT.notStarted : EXIT.lostSight;
  }
  step.seen(factsOf(fired));
  io.stderr.write(`  ${fired.firing}\n`);
  if (input(environment, 'wait') === 'false') {
    if (fired.state !== 'started') step.over(runOfReport(fired));
    return fired.state === 'started' ? EXIT.ok : EXIT.notStarted;
  }
  const { report, isLost } = await follow(fired, { hook, until, step }, io);
  step.over(runOfReport(report));
  if (isLost) return EXIT.lostSight;
  return isOverIn(report) ? exitCodeFor(report) : EXIT.timedOut;
}

interface Following {
  readonly hook: Hook;
  /** In epoch milliseconds. */
  readonly until: number;
  readonly step: GithubStep;
}

/** Asks until it is over or the time is up; `isLost`: the last questions had no answer. */
async function follow(fired: FiringReport, { hook, until, step }: Following, io: Io) {
  let report = fired;
  let failures = 0;
  while (!isOverIn(report) && failures < MOST_FAILURES) {
    const leftMs = until - io.clock.now().getTime();
    if (leftMs <= 0) break;
    await io.clock.sleep(Math.min(ASK_EVERY_MS, leftMs));
    const asked = await read(hook, report.firing, io.clock.now());
    failures = 'fault' in asked ? failures + 1 : 0;
    if ('fault' in asked) io.stderr.write(`  ${asked.fault}; asked again\n`);
    else report = asked;
    step.seen(factsOf(report));
  }
  return { report, isLost: failures > 0 };
}

interface Hook {
  readonly url: URL;
  readonly secret: string;
}

function hookOf(environment: Io['environment'], trigger: string): Hook {
  const text = input(environment, 'url');
  const secret = input(environment, 'secret');
  const url = URL.parse(text);
  if (secret === '') throw new InputError('The input secret is missing: the secret of the webhook');
  // Anything else would tell the secret to the network.
  const isHere = url?.protocol === 'http:' && url.hostname === '127.0.0.1';
  const isSafe = isHere || url?.protocol === 'https:';
  if (!url || !isSafe) throw new InputError('The input url must begin with https://');
  if (!url.pathname.endsWith(`/hooks/${trigger}`)) {
    throw new InputError(
      `The input url must be the webhook of ${trigger}, as the outputs of the stack name it: https://…/hooks/${trigger}`,
    );
  }
  for (const name of ['stage', 'cancel']) {
    if (!['', 'false'].includes(input(environment, name))) {
      throw new InputError(
        `The input ${name} needs AWS credentials: leave it out, or url and secret`,
      );
    }
  }
  return { url, secret };
}

function bodyOf(scenarios: readonly string[]): string {
  if (scenarios.length === 0) return '{}';
  const name = scenarios.find((each) => !UUID.test(each));
  if (name !== undefined) {
    throw new InputError(`A webhook takes scenarios by id only, and ${name} is a name`);
  }
  return JSON.stringify({ selectAll: false, scenarioIds: scenarios });
}

/** A firing of an earlier attempt that is still open, or in doubt, is what was asked for. */
async function fire(hook: Hook, id: string, body: string, io: Io): Promise<FiringReport | NotSeen> {
  for (let run = 1; ; run += 1) {
    const order = { id: run === 1 ? id : `${id}-${run}`, body, url: hook.url };
    const report = await patiently(() => send(order, hook.secret, io.clock.now()), io);
    // What it joined (coalesce) is another delivery's, and a new id would join that again.
    const isNew = 'fault' in report || report.joined || !isOverBefore(report);
    if (isNew || run === MOST_RUNS_OF_ID) return report;
  }
}

async function patiently(
  attempt: () => Promise<Answered | NotSeen>,
  { clock, stderr }: Io,
): Promise<Answered | NotSeen> {
  for (let failures = 1; ; failures += 1) {
    const answered = await attempt();
    const isLost = 'fault' in answered && answered.kind === 'no-answer';
    if (!isLost || failures === MOST_FAILURES) return answered;
    stderr.write(`  ${answered.fault}; asked again\n`);
    await clock.sleep(ASK_EVERY_MS);
  }
}

interface NotSeen {
  readonly kind: 'no-answer' | 'filtered';
  readonly fault: string;
}

type Answered = FiringReport & { readonly joined?: true };
const answerSchema = z.custom<Answered>(
  (value) =>
    z.object({ firing: z.string(), trigger: z.string(), state: z.custom(isState) }).safeParse(value)
      .success,
);
const refusalSchema = z.object({ error: z.string(), message: z.string().optional() });

/** A question after a firing is signed as a delivery with an empty body. */
function read({ url, secret }: Hook, firing: string, now: Date): Promise<Answered | NotSeen> {
  const asked = new URL(`${url.href}/firings/${encodeURIComponent(firing)}`);
  return send({ id: `read-${now.getTime()}`, body: '', url: asked }, secret, now);
}

async function send(
  { id, body, url }: { readonly id: string; readonly body: string; readonly url: URL },
  secret: string,
  now: Date,
): Promise<Answered | NotSeen> {
  const headers = {
    'content-type': 'application/json',
    ...signedHeaders(schemeOf(secret), secret, { id, body, url: url.href, now }),
  };
  const request = { url, headers };
  const answered = await exchange(
    body === '' ? { method: 'GET', ...request } : { method: 'POST', ...request, body },
    LIMITS,
  );
  if (answered.kind === 'broken') return { kind: 'no-answer', fault: answered.reason };
  return readAnswer(answered.status, parseJson(answered.body));
}

/** By the secret's form: only Standard Webhooks begin theirs so. */
function schemeOf(secret: string) {
  return secret.startsWith('whsec_')
    ? ({ verify: 'standard-webhooks', secret } as const)
    : ({ verify: 'bearer', secret } as const);
}

function readAnswer(status: number, content: unknown): Answered | NotSeen {
  const { data: report } = answerSchema.safeParse(content);
  if (report) return report;
  if (status === 202) {
    return { kind: 'filtered', fault: 'The filter (when) of the webhook does not let it pass' };
  }
  const { data: refusal } = refusalSchema.safeParse(content);
  if (status === 429 || status >= 500) return { kind: 'no-answer', fault: `HTTP ${status}` };
  const why = refusal?.message ?? refusal?.error ?? 'no answer of a webhook of this service';
  throw new InputError(`The webhook refuses it: ${why} (HTTP ${status})${REMEDIES[status] ?? ''}`);
}

const REMEDIES: Readonly<Record<number, string>> = {
  401: '. Look whether url and secret are those of the trigger, and of verify: standard-webhooks or bearer',
};
