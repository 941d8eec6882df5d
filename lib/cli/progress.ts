import yoctoSpinner from 'yocto-spinner';
import { took } from '../took.ts';
import type { Io } from './io.ts';
import { visible } from './visible-text.ts';

/** What takes less needs no spinner. */
const SHOWN_AFTER_MS = 1_000;

/** On a terminal, a spinner with the seconds while the work lasts. */
export async function withSpinner<T>(io: Io, what: string, work: Promise<T>): Promise<T> {
  const spinner = spinnerOn(io);
  const began = io.clock.now().getTime();
  const timer = setInterval(() => {
    spinner?.show(`${what}, ${took((io.clock.now().getTime() - began) / 1000)}`);
  }, SHOWN_AFTER_MS);
  try {
    return await work;
  } finally {
    clearInterval(timer);
    spinner?.stop();
  }
}

/** Of a command that reads firings. */
export const READING = 'Reading the firings: a later --since makes them fewer';

/** A spinner beside a text; undefined where standard error is not a terminal. */
export function spinnerOn({ stderr, progress }: Io) {
  if (!stderr.isTTY) return undefined;
  const spinner = yoctoSpinner({ stream: progress });
  return {
    show(text: string) {
      spinner.text = visible(text);
      spinner.start();
    },
    stop: () => void spinner.stop(),
  };
}

/** `█████░░░░░`: the share from 0 to 1 that is done. */
export function bar(share: number, length = 20): string {
  const done = Math.round(Math.min(1, Math.max(0, share)) * length);
  return '█'.repeat(done) + '░'.repeat(length - done);
}
