/**
 * A fresh process: imports the handler named in HANDLER, invokes it with EVENT once and reports the milliseconds; then, where
 * ROUNDS says so, so many times more, each with a cause of its own.
 */
const { HANDLER = '', EVENT = '', EXPECT = '', ROUNDS = '0' } = process.env;
console.info = () => {};
const begun = performance.now();
const { handler } = await import(HANDLER);
const initialised = performance.now();
const invocation = await timed(0);
const further: number[] = [];
for (let round = 1; round <= Number(ROUNDS); round += 1) further.push(await timed(round));
process.send?.({ init: initialised - begun, invocation, further });
process.disconnect?.();

async function timed(round: number): Promise<number> {
  const second = `${new Date().toISOString().slice(0, 19)}Z`;
  const text = EVENT.replaceAll('{round}', String(round)).replaceAll('{second}', second);
  const event = JSON.parse(text);
  const before = performance.now();
  const result = await handler(event, { getRemainingTimeInMillis: () => 60_000 });
  const took = performance.now() - before;
  const answer = JSON.stringify(result) ?? '';
  if (!answer.includes(EXPECT)) throw new Error(`Not ${EXPECT}: ${answer}`);
  return took;
}
