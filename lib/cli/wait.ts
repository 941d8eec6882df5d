import yoctoSpinner from 'yocto-spinner';
import type { Firing } from '../../lambda/firing/firing.ts';
import type { FiringReport } from '../../lambda/firing/firing-report.ts';
import { isFinal } from '../../lambda/firing/states.ts';
import { sendCommand } from '../target/invoke.ts';
import type { Target } from '../target/target.ts';
import { exitCodeFor } from './firing-style.ts';
import { formatFiring } from './firing-text.ts';
import { EXIT, type Io } from './io.ts';
import { answer, type Session } from './program.ts';
import { visible } from './visible-text.ts';

/** A poll costs one invocation and one request to the API. */
const POLL_EVERY_MS = 5_000;

const NEVER = new AbortController().signal;

/** Polls a firing until it is over or the time is up; the exit code is its verdict. */
export async function waitFor(
  { firing: id }: FiringReport,
  timeoutMs: number,
  target: Target,
  session: Session,
): Promise<void> {
  const { io } = session;
  const until = io.clock.now().getTime() + timeoutMs;
  // Who stops waiting can still look it up.
  io.stderr.write(`  ${id}\n`);
  const progress = progressOn(io);
  let firing: Firing | undefined;
  try {
    firing = await poll(id, target);
    while (!isFinal(firing) && io.clock.now().getTime() < until) {
      progress.show(firing);
      const leftMs = until - io.clock.now().getTime();
      await io.clock.sleep(Math.min(POLL_EVERY_MS, leftMs), NEVER);
      firing = await poll(id, target);
    }
  } finally {
    progress.stop();
  }
  io.exitCode = isFinal(firing) ? exitCodeFor(firing) : EXIT.timedOut;
  const last = firing;
  answer(session, last, (style) => formatFiring(last, style));
  if (!isFinal(firing)) io.stderr.write(`Not over yet; it goes on: rtt show ${id}\n`);
}

async function poll(id: string, target: Target): Promise<Firing> {
  const { firing } = await sendCommand(target, { command: 'poll', firing: id });
  if (!firing) throw new Error(`The ledger has lost ${id}`);
  return firing;
}

interface Progress {
  show(firing: Firing): void;
  stop(): void;
}

/** A spinner on a terminal; elsewhere a line for each change. */
function progressOn({ stderr, progress, clock }: Io): Progress {
  if (!stderr.isTTY) {
    let last = '';
    return {
      show(firing) {
        const text = progressOf(firing);
        if (text !== last) stderr.write(`  ${text}\n`);
        last = text;
      },
      stop() {},
    };
  }
  const spinner = yoctoSpinner({ stream: progress }).start();
  return {
    show(firing) {
      const ms = clock.now().getTime() - Date.parse(firing.recordedAt);
      spinner.text = visible(`${progressOf(firing)}, ${Math.round(ms / 1000)} s`);
    },
    stop: () => void spinner.stop(),
  };
}

function progressOf({ state, execution }: Firing): string {
  const { status = state, totalCalls, completedCalls = 0, failedCalls = 0 } = execution ?? {};
  const word = status.toLowerCase();
  if (totalCalls === undefined) return word;
  return `${word}, ${completedCalls + failedCalls}/${totalCalls} calls done`;
}
