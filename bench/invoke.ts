/** A fresh process: imports the handler named in HANDLER, invokes it once and reports the milliseconds. */
const begun = performance.now();
const { handler } = await import(process.env.HANDLER ?? '');
const initialised = performance.now();
const event = {
  trigger: 'nightly',
  schedule: 'early',
  scheduledTime: `${new Date().toISOString().slice(0, 19)}Z`,
};
const result = await handler(event, { getRemainingTimeInMillis: () => 60_000 });
const done = performance.now();
if (result.execution_id !== 'e-1') throw new Error(`Not started: ${JSON.stringify(result)}`);
process.send?.({ init: initialised - begun, invocation: done - initialised });
process.disconnect?.();
