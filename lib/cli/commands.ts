import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import type { Session } from './program.ts';

interface CommandRow {
  /** What `rtt --help` says of it. */
  readonly summary: string;
  readonly load: () => Promise<(session: Session) => CommandUnknownOpts>;
}

/** In the order of `rtt --help`. A module is loaded only when the command line has the name of its command. */
export const COMMANDS: Readonly<Record<string, CommandRow>> = {
  start: {
    summary: 'run the stack on this machine',
    load: async () => (await import('./start.ts')).startCommand,
  },
  validate: {
    summary: 'check the triggers file',
    load: async () => (await import('./validate.ts')).validateCommand,
  },
  next: {
    summary: 'show when the schedules fire',
    load: async () => (await import('./next.ts')).nextCommand,
  },
  fire: {
    summary: 'start a trigger now',
    load: async () => (await import('./fire.ts')).fireCommand,
  },
  event: {
    summary: 'send an event to EventBridge',
    load: async () => (await import('./event.ts')).eventCommand,
  },
  deliver: {
    summary: 'send a signed delivery to the webhook of a trigger',
    load: async () => (await import('./deliver.ts')).deliverCommand,
  },
  history: {
    summary: 'list the firings',
    load: async () => (await import('./history.ts')).historyCommand,
  },
  show: {
    summary: 'show one firing',
    load: async () => (await import('./show.ts')).showCommand,
  },
  judge: {
    summary: 'judge a finished execution again',
    load: async () => (await import('./judge.ts')).judgeCommand,
  },
  'reset-reference': {
    summary: 'compare no more with earlier runs',
    load: async () => (await import('./reset-reference.ts')).resetReferenceCommand,
  },
  logs: {
    summary: 'show what the functions have logged',
    load: async () => (await import('./logs.ts')).logsCommand,
  },
  stats: {
    summary: 'show how often triggers ran and passed',
    load: async () => (await import('./stats.ts')).statsCommand,
  },
  report: {
    summary: 'write a page of runs, charts and spend',
    load: async () => (await import('./report.ts')).reportCommand,
  },
  retry: {
    summary: 'send a rejected, unresolved or missed firing again',
    load: async () => (await import('./retry.ts')).retryCommand,
  },
  cancel: {
    summary: 'cancel the execution of a firing',
    load: async () => (await import('./cancel.ts')).cancelCommand,
  },
  pause: {
    summary: 'start nothing more of a trigger, or of all',
    load: async () => (await import('./pause.ts')).pauseCommand,
  },
  resume: {
    summary: 'end a pause',
    load: async () => (await import('./pause.ts')).resumeCommand,
  },
  redrive: {
    summary: 'redrive the dead-letter queues',
    load: async () => (await import('./redrive.ts')).redriveCommand,
  },
  secret: {
    summary: 'list, set and rotate the API key and the secrets of webhooks',
    load: async () => (await import('./secret.ts')).secretCommand,
  },
  notify: {
    summary: 'send a test message to the channels',
    load: async () => (await import('./notify.ts')).notifyCommand,
  },
  console: {
    summary: 'show the triggers and firings of a stack in a browser',
    load: async () => (await import('./console.ts')).consoleCommand,
  },
  doctor: {
    summary: 'check key, server, triggers and webhooks',
    load: async () => (await import('./doctor.ts')).doctorCommand,
  },
  deploy: {
    summary: 'show the plan, ask, and deploy the stack',
    load: async () => (await import('./deploy.ts')).deployCommand,
  },
  destroy: {
    summary: 'remove the stack, and say what stays',
    load: async () => (await import('./destroy.ts')).destroyCommand,
  },
  init: {
    summary: 'write a triggers file from your run tests',
    load: async () => (await import('./init.ts')).initCommand,
  },
};
