/** How many cases a property tries: `usual`, or FC_RUNS times as many. Tests that import this are what `npm run fuzz` runs. */
export function runs(usual: number): number {
  return usual * Number(process.env.FC_RUNS ?? 1);
}

/** Lets a property end before its test times out, so that the failure shows that it was shrinking. In milliseconds. */
export function withinTime(usual: number) {
  return { interruptAfterTimeLimit: runs(usual), markInterruptAsFailure: true };
}
