import { againOf } from '../../lambda/firing/again.ts';
import type { Firing } from '../../lambda/firing/firing.ts';
import { isFinal, STATES } from '../../lambda/firing/states.ts';
import { usualDuration } from '../../lambda/follow/usual-duration.ts';
import { sendCommand } from '../target/invoke.ts';
import { ledgerOf } from '../target/ledger.ts';
import type { Target } from '../target/target.ts';
import { took } from '../took.ts';
import type { Dashboard } from '../views/execution-link.ts';
import { exitCodeFor } from './firing-style.ts';
import { EXIT, type Io } from './io.ts';
import type { Session } from './program.ts';
import { bar, spinnerOn } from './progress.ts';
import { orFault } from './service-fault.ts';
import { answerFiring } from './show.ts';

/** A poll costs one invocation and one request to the API. */
const POLL_EVERY_MS = 5_000;
/** The seconds go on between the polls. */
const TICK_MS = 1_000;
/** So many polls in a row may fail, two minutes long. */
const MOST_FAILURES = 24;

interface Awaited {
  readonly id: string;
  readonly trigger: string;
  readonly dashboard: Dashboard;
  readonly timeoutMs: number;
  /** Is told each time that it was read. */
  readonly seen?: ((firing: Firing) => void) | undefined;
}

/**
 * Polls a firing until it is over or the time is up, and then the one that tries again what failed in it (`retryFailed`);
 * the exit code is the verdict of the last that has one. A failed poll is repeated. Resolves with the firing that tells
 * it, as it was last seen.
 */
export async function waitFor(
  awaited: Awaited,
  target: Target,
  session: Session,
): Promise<Firing | undefined> {
  const { io } = session;
  const until = io.clock.now().getTime() + awaited.timeoutMs;
  const { seen } = awaited;
  // A failed estimate does not fail the command: the caller may not be allowed to read the ledger.
  const estimate = usualDuration(awaited.trigger, ledgerOf(target));
  const usualSeconds = await orFault(estimate, () => undefined, session);
  let { id } = awaited;
  let told: Firing | undefined;
  for (;;) {
    const { last, failures } = await watch(id, { until, usualSeconds, seen }, target, session);
    const isOver = last !== undefined && isFinal(last);
    // A further try that has shown nothing leaves the verdict of the one before.
    told = told && (!last || (isOver && !STATES[last.state].hasExecution)) ? told : last;
    const again = isOver ? againOf(last, io.clock.now()) : undefined;
    if (again) {
      io.stderr.write('  failed; the scenarios that failed are tried again\n');
      ({ id } = again);
      continue;
    }
    io.exitCode =
      failures > 0 ? EXIT.lostSight : isOver && told ? exitCodeFor(told) : EXIT.timedOut;
    if (told) answerFiring(session, told, awaited.dashboard);
    if (isOver) return told;
    const what = failures > 0 ? 'The service does not answer' : 'Not over yet';
    io.stderr.write(`${what}; what has started goes on: ${session.typed(`show ${id}`)}\n`);
    return told;
  }
}

interface Patience {
  /** In epoch milliseconds. */
  readonly until: number;
  readonly usualSeconds: number | undefined;
  readonly seen: Awaited['seen'];
}

/** Polls one firing: as it was last seen, and how many of the last polls failed. */
async function watch(
  id: string,
  { until, usualSeconds, seen }: Patience,
  target: Target,
  session: Session,
) {
  const { io } = session;
  // Who stops waiting can still look it up.
  io.stderr.write(`  ${id}\n`);
  const progress = progressOn(io, usualSeconds);
  let last: Firing | undefined;
  let failures = 0;
  try {
    for (;;) {
      const polled = await poll(id, target, session);
      failures = typeof polled === 'string' ? failures + 1 : 0;
      if (typeof polled === 'string') progress.trouble(polled);
      else {
        last = polled;
        seen?.(polled);
      }
      const leftMs = until - io.clock.now().getTime();
      if ((last && isFinal(last)) || leftMs <= 0 || failures === MOST_FAILURES) break;
      if (last && failures === 0) progress.show(last);
      await io.clock.sleep(Math.min(POLL_EVERY_MS, leftMs));
    }
  } finally {
    progress.stop();
  }
  return { last, failures };
}

/** The firing, or why it cannot be seen now. */
async function poll(id: string, target: Target, session: Session): Promise<Firing | string> {
  const command = sendCommand(target, { command: 'poll', firing: id });
  const polled = await orFault(command, (fault) => fault, session);
  return typeof polled === 'string' ? polled : (polled.firing ?? `${id} is not in the ledger yet`);
}

/** A bar on a terminal; elsewhere a line for each change. */
function progressOn(io: Io, usualSeconds: number | undefined) {
  const spinner = spinnerOn(io);
  let last = '';
  const line = (text: string) => {
    if (text !== last) io.stderr.write(`  ${text}\n`);
    last = text;
  };
  const tell = spinner?.show ?? line;
  let seen: Firing | undefined;
  const draw = () => {
    if (!seen) return;
    const seconds = (io.clock.now().getTime() - Date.parse(seen.recordedAt)) / 1000;
    const drawn = `${barOf(seen)}${progressOf(seen)}, ${timeText(seconds, usualSeconds)}`;
    tell(spinner ? drawn : progressOf(seen));
  };
  const timer = spinner && setInterval(draw, TICK_MS);
  return {
    show(firing: Firing): void {
      seen = firing;
      draw();
    },
    trouble(text: string): void {
      seen = undefined;
      tell(`${text}; asked again`);
    },
    stop(): void {
      clearInterval(timer);
      spinner?.stop();
    },
  };
}

function timeText(seconds: number, usualSeconds: number | undefined): string {
  if (usualSeconds === undefined) return took(seconds);
  const left = usualSeconds - seconds;
  return `${took(seconds)}, ${left > 0 ? `about ${took(left)} left` : 'longer than usual'}`;
}

function barOf({ execution }: Firing): string {
  const { totalCalls = 0, completedCalls = 0, failedCalls = 0 } = execution ?? {};
  return totalCalls === 0 ? '' : `${bar((completedCalls + failedCalls) / totalCalls)} `;
}

function progressOf({ state, execution }: Firing): string {
  const { status, totalCalls, completedCalls = 0, failedCalls = 0 } = execution ?? {};
  if (status === undefined) return STATES[state].headline.toLowerCase();
  const word = status.toLowerCase();
  if (totalCalls === undefined) return word;
  return `${word}, ${completedCalls + failedCalls}/${totalCalls} calls done`;
}
