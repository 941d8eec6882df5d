import type { ServiceEventKind } from '../firing/service-event.ts';

/** What happened to the trigger, in words that follow its name. */
export const HEADLINES: Readonly<Record<ServiceEventKind, string>> = {
  started: 'has started',
  passed: 'passed',
  failed: 'FAILED',
  inconclusive: 'ended without a verdict',
  lost: 'did not end in time and is followed no longer',
  mismatch: 'runs other scenarios than asked for',
  rejected: 'was NOT started: refused',
  unresolved: 'may or may not have started',
  expired: 'was NOT started in time',
  skipped: 'was skipped',
  missed: 'did NOT fire',
  recovered: 'passes again',
  paused: 'is paused',
  budget: 'has nearly spent its budget',
};

/** What catches the eye in a chat. */
export const SYMBOLS: Readonly<Record<ServiceEventKind, string>> = {
  started: '▶️',
  passed: '✅',
  failed: '❌',
  inconclusive: '❔',
  lost: '⌛',
  mismatch: '⚠️',
  rejected: '⛔',
  unresolved: '❓',
  expired: '⏰',
  skipped: '⏭️',
  missed: '🔕',
  recovered: '✅',
  paused: '⏸️',
  budget: '💰',
};
