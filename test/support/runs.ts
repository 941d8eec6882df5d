/** How many cases a property tries: `usual`, or FC_RUNS times as many. Tests that import this are what `npm run fuzz` runs. */
export function runs(usual: number): number {
  return usual * Number(process.env.FC_RUNS ?? 1);
}
