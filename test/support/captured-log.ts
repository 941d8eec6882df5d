import { vi } from 'vitest';

/** Collects what the functions log, in order, instead of printing it. Call it in `beforeEach`. */
export function captureLog(): Record<string, unknown>[] {
  const entries: Record<string, unknown>[] = [];
  for (const level of ['info', 'warn', 'error'] as const) {
    vi.spyOn(console, level).mockImplementation((entry) => entries.push(entry));
  }
  return entries;
}
