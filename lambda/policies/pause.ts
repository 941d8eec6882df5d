import type { Firing } from '../firing/firing.ts';
import type { Ledger, LedgerContext } from '../ledger/ledger.ts';
import { log } from '../runtime/log.ts';
import { RefusedError } from '../runtime/refused.ts';
import {
  ADMISSION,
  type AdmissionRecord,
  type Pause,
  readAdmissionRecord,
  recordIdOf,
  SHARED_ADMISSION,
} from './admission-record.ts';
import { type Decision, decideOn } from './decide-on.ts';

/** A person's decision about one trigger, or, without `trigger`, about all of them. */
export interface PauseCommand {
  readonly trigger?: string | undefined;
  readonly by: string;
  readonly reason: string;
}

/**
 * Starts nothing more once it has returned, until `until` or a person resumes; only what had its lease before may still
 * leave. It holds across deployments. A pause that stands is replaced. Throws RefusedError when others write each time.
 */
export async function pauseTrigger(
  { trigger, by, reason, until }: PauseCommand & { readonly until?: Date | undefined },
  { ledger, now }: LedgerContext,
): Promise<Pause> {
  const at = now().toISOString();
  const pause: Pause = { at, by, reason, ...(until && { until: until.toISOString() }) };
  const decide = (record: AdmissionRecord) => ({ next: { ...record, pause }, result: pause });
  const end = until ? ` --until ${pause.until}` : '';
  await decideAt(trigger, decide, ledger, `pause ${objectOf(trigger, reason)}${end}`);
  log('trigger_paused', {
    trigger: trigger ?? EVERY_TRIGGER,
    by,
    message: reason,
    until: pause.until,
  });
  return pause;
}

/** Lets starts through again, or throws as `pauseTrigger` does. Undefined when nothing was paused; else the pause that is over now. */
export async function resumeTrigger(
  { trigger, by, reason }: PauseCommand,
  { ledger, now }: LedgerContext,
): Promise<Pause | undefined> {
  const at = now().toISOString();
  const resume = ({ pause, ...record }: AdmissionRecord) => {
    if (!pause) return { result: {} };
    return { next: { ...record, resumed: { at, by, reason }, rejections: [] }, result: { pause } };
  };
  const again = `resume ${objectOf(trigger, reason)}`;
  const { pause } = await decideAt<{ pause?: Pause }>(trigger, resume, ledger, again);
  if (pause) log('trigger_resumed', { trigger: trigger ?? EVERY_TRIGGER, by, message: reason });
  return pause;
}

/** The pause in force of a trigger, or, without one, of all triggers. */
export async function readPause(
  trigger: string | undefined,
  { ledger, now }: { readonly ledger: Pick<Ledger, 'readItem'>; readonly now: () => Date },
): Promise<Pause | undefined> {
  return pauseIn(await readAdmissionRecord(recordIdOf(trigger), ledger), now());
}

/** The pause in force that a record has. Pure. */
export function pauseIn({ pause }: AdmissionRecord, now: Date): Pause | undefined {
  return pause?.until !== undefined && now >= new Date(pause.until) ? undefined : pause;
}

/** What the log calls the trigger when all of them are meant. */
const EVERY_TRIGGER = '*';

/** Which pause keeps a firing from starting, and why, a sentence. */
export interface StandingPause {
  readonly policy: 'pause' | 'pause-of-all';
  readonly reason: string;
}

/**
 * The pause that keeps this firing from starting. A person can insist: with `evenIfPaused`, or by having the firing sent
 * again after the pause began. Pure.
 */
export function standingPause(
  record: AdmissionRecord,
  firing: Firing,
  now: Date,
): StandingPause | undefined {
  const pause = pauseIn(record, now);
  if (!pause || isInsisted(firing, pause)) return undefined;
  const { at, by, reason, until } = pause;
  const [policy, what] =
    record.id === SHARED_ADMISSION
      ? (['pause-of-all', 'Every trigger'] as const)
      : (['pause', firing.trigger] as const);
  const end = until ? ` until ${until}` : '';
  return { policy, reason: `${what} is paused${end} (by ${by}, ${at}): ${reason}` };
}

function isInsisted({ cause, retries }: Firing, { at }: Pause): boolean {
  const retriedAt = retries?.at(-1)?.at ?? '';
  return (cause.kind === 'command' && cause.evenIfPaused === true) || retriedAt >= at;
}

/** @param again the command of the person, without `rtt`. */
async function decideAt<T extends object>(
  trigger: string | undefined,
  decide: (record: AdmissionRecord) => Decision<AdmissionRecord, T>,
  ledger: Ledger,
  again: string,
): Promise<T> {
  const result = await decideOn(recordIdOf(trigger), ADMISSION, decide, ledger);
  if (result) return result;
  throw new RefusedError(
    `Nothing was changed, because too many starts are counted at this moment. Try again: npx rtt ${again}`,
  );
}

function objectOf(trigger: string | undefined, reason: string): string {
  return `${trigger ?? '--all'} --reason '${reason.replaceAll("'", "'\\''")}'`;
}
