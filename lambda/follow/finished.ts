import type { Calls } from '../api/calls.ts';
import type { ExecutionProgress } from '../api/execution-progress.ts';
import type { Evaluation } from './evaluations.ts';

/** What a verdict is based on: only what the server told, nothing assumed. */
export interface Finished extends ExecutionProgress {
  /** Absent: they cannot be read. */
  readonly evaluations?: readonly Evaluation[];
  /** Absent: they were not read. */
  readonly calls?: Calls;
}

/** Why an execution did not pass. `failed`: seen to be worse than expected. `unclear`: not seen to be good. */
export interface Fault {
  readonly kind: 'failed' | 'unclear';
  readonly reason: string;
}

/** A run is seen to be worse than its trigger expects: the verdict is `failed`. */
export function failed(reason: string): Fault {
  return { kind: 'failed', reason };
}

/** Without a failure beside it, the verdict is `inconclusive`. */
export function unclear(reason: string): Fault {
  return { kind: 'unclear', reason };
}

/** `1 call`, `2 calls`. */
export function inCalls(count: number): string {
  return count === 1 ? '1 call' : `${count} calls`;
}
