import type { readAssembly } from './read-assembly.ts';

/** A synthesized template, resolved for this machine. */
export type Assembly = Readonly<ReturnType<typeof readAssembly>>;
/** Limits are those of the template: reserved concurrency, memory, time. */
export type LocalFunction = Assembly['functions'][number];
/** Of a trigger, or the sweep's. */
export type LocalSchedule = Assembly['schedules'][number];
/** One route of the HTTP API; everything else gets 404. */
export type LocalRoute = Assembly['routes'][number];
