/** An error in the form in which Lambda hands it to the invoker. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** One event for a process, which gets the next one when it has answered. */
export interface ToChild {
  readonly requestId: string;
  /** JSON. */
  readonly event: string;
  /** What the local run's clock is ahead of the machine's: the function lives in the local run's time. */
  readonly clockOffsetMs: number;
  /** Epoch milliseconds, in the function's time, at which the process is killed. */
  readonly deadline: number;
  readonly functionArn: string;
  readonly traceId: string;
}

/** What a function's process reports. After a fatal error (init failed, uncaught exception) it exits. */
export type FromChild =
  | { readonly kind: 'ready' }
  | { readonly kind: 'log'; readonly line: string }
  | { readonly kind: 'result'; readonly payload: string }
  | { readonly kind: 'error'; readonly error: FunctionError; readonly fatal: boolean };
