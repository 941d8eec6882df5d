/**
 * A fresh process: imports the handler named in HANDLER, invokes it with EVENT once and reports the milliseconds; then, where
 * ROUNDS says so, so many times more, each with a cause of its own.
 */
const { HANDLER = '', EVENT = '', EXPECT = '', ROUNDS = '0', TIME_MS = '60000' } = process.env;
console.info = () => {};
const begun = performance.now();
const cpuBegun = process.cpuUsage();
const { handler } = await import(HANDLER);
const initialised = performance.now();
const before = process.memoryUsage.rss();
let most = before;
const watch = setInterval(() => {
  most = Math.max(most, process.memoryUsage.rss());
}, 50);
const { took: invocation, answer } = await timed(0);
const cpu = cpuSince(cpuBegun);
clearInterval(watch);
const further: number[] = [];
const cpuBefore = process.cpuUsage();
for (let round = 1; round <= Number(ROUNDS); round += 1) further.push((await timed(round)).took);
process.send?.({
  init: initialised - begun,
  invocation,
  cpu,
  further,
  furtherCpu: cpuSince(cpuBefore),
  answer,
  memory: { before, most },
});
process.disconnect?.();

function cpuSince(begin: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1000;
}

async function timed(round: number) {
  const second = `${new Date().toISOString().slice(0, 19)}Z`;
  const text = EVENT.replaceAll('{round}', String(round)).replaceAll('{second}', second);
  const event = JSON.parse(text);
  const sent = performance.now();
  const result = await handler(event, { getRemainingTimeInMillis: () => Number(TIME_MS) });
  const took = performance.now() - sent;
  const answer = JSON.stringify(result) ?? '';
  if (!answer.includes(EXPECT)) throw new Error(`Not ${EXPECT}: ${answer}`);
  return { took, answer };
}
