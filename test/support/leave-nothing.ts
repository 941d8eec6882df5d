import { afterAll, vi } from 'vitest';

// Files share a process: what one has replaced, and not put back since it failed, must not reach the next one.
const home = process.cwd();
afterAll(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  vi.useRealTimers();
  if (process.cwd() !== home) throw new Error('A test has changed the working directory');
});
