import type { readAssembly } from './read-assembly.ts';

export type Assembly = Readonly<ReturnType<typeof readAssembly>>;
export type LocalFunction = Assembly['functions'][number];
export type LocalSchedule = Assembly['schedules'][number];
export type LocalRoute = Assembly['routes'][number];
