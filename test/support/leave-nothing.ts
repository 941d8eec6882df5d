import module from 'node:module';
import { afterAll, beforeAll, vi } from 'vitest';

// Files share a process: what one has replaced, and not put back since it failed, must not reach the next one.
const home = process.cwd();
afterAll(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  vi.useRealTimers();
  if (process.cwd() !== home) throw new Error('A test has changed the working directory');
});

// A timer of a negative, endless or missing time fires at once; Node only warns of it, once in a process.
const failOnTimer = (warning: Error) => {
  if (/^Timeout\w+Warning$/.test(warning.name)) throw warning;
};
beforeAll(() => void process.on('warning', failOnTimer));
afterAll(() => void process.off('warning', failOnTimer));

// At its end vitest has each worker write what it compiled: a second, for files that are removed then.
module.flushCompileCache = () => {};
