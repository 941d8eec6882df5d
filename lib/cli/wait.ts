import yoctoSpinner from 'yocto-spinner';
import type { Firing } from '../../lambda/shared/firing.ts';
import type { FiringReport } from '../../lambda/shared/firing-report.ts';
import { isFinal } from '../../lambda/shared/transition.ts';
import { give } from '../target/invoke.ts';
import type { Target } from '../target/target.ts';
import { exitCodeFor } from './firing-style.ts';
import { formatFiring } from './firing-text.ts';
import { EXIT, type Io, printJson } from './io.ts';
import { styleFor } from './style.ts';

/** A look costs one invocation and one request to the API. */
const LOOK_EVERY_MS = 5_000;

const NEVER = new AbortController().signal;

/** Looks at a firing until it is over or the time is up, and ends with its verdict. */
export async function waitFor(
  { firing: id }: FiringReport,
  timeoutMs: number,
  target: Target,
  io: Io,
  json: boolean,
): Promise<void> {
  const until = io.clock.now().getTime() + timeoutMs;
  const spinner = yoctoSpinner({ text: id, stream: io.stderr }).start();
  let firing: Firing | undefined;
  try {
    firing = await look(id, target);
    while (!isFinal(firing) && io.clock.now().getTime() < until) {
      spinner.text = progressOf(firing, io.clock.now());
      const leftMs = until - io.clock.now().getTime();
      await io.clock.sleep(Math.min(LOOK_EVERY_MS, leftMs), NEVER);
      firing = await look(id, target);
    }
  } finally {
    spinner.stop();
  }
  io.exitCode = isFinal(firing) ? exitCodeFor(firing) : EXIT.timedOut;
  if (json) return printJson(io, firing);
  io.stdout.write(formatFiring(firing, styleFor(io.stdout)));
  if (!isFinal(firing)) io.stderr.write(`Not over yet; it goes on: rtt show ${id}\n`);
}

async function look(id: string, target: Target): Promise<Firing> {
  const { firing } = await give<'look'>(target, { order: 'look', firing: id });
  if (!firing) throw new Error(`The ledger has lost ${id}`);
  return firing;
}

function progressOf({ state, execution, recordedAt }: Firing, now: Date): string {
  const seconds = Math.round((now.getTime() - Date.parse(recordedAt)) / 1000);
  const { totalCalls, completedCalls = 0, failedCalls = 0 } = execution ?? {};
  const calls =
    totalCalls === undefined ? '' : `, ${completedCalls + failedCalls}/${totalCalls} calls`;
  return `${execution?.status.toLowerCase() ?? state}${calls}, ${seconds} s`;
}
