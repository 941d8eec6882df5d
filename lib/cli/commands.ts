import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import type { Session } from './program.ts';

/** What `rtt --help` says of a command, and its module. */
type CommandRow = readonly [
  summary: string,
  load: () => Promise<{ command(session: Session): CommandUnknownOpts }>,
];

/** In the order of `rtt --help`. A module is loaded only when the command line has the name of its command. */
export const COMMANDS: Readonly<Record<string, CommandRow>> = {
  start: ['run the stack on this machine', () => import('./start.ts')],
  validate: ['check the triggers file', () => import('./validate.ts')],
  next: ['show when the schedules fire', () => import('./next.ts')],
  fire: ['start a trigger now', () => import('./fire.ts')],
  event: ['send an event to EventBridge', () => import('./event.ts')],
  deliver: ['send a signed delivery to the webhook of a trigger', () => import('./deliver.ts')],
  history: ['list the firings', () => import('./history.ts')],
  show: ['show one firing', () => import('./show.ts')],
  judge: ['judge a finished execution again', () => import('./judge.ts')],
  'reset-reference': ['compare no more with earlier runs', () => import('./reset-reference.ts')],
  logs: ['show what the functions have logged', () => import('./logs.ts')],
  stats: ['show how often triggers ran and passed', () => import('./stats.ts')],
  report: ['write a page of runs, charts and spend', () => import('./report.ts')],
  retry: ['send a rejected, unresolved or missed firing again', () => import('./retry.ts')],
  cancel: ['cancel the execution of a firing', () => import('./cancel.ts')],
  pause: ['start nothing more of a trigger, or of all', () => import('./pause.ts')],
  resume: ['end a pause', async () => ({ command: (await import('./pause.ts')).resumeCommand })],
  redrive: ['redrive the dead-letter queues', () => import('./redrive.ts')],
  secret: [
    'list, set and rotate the API key and the secrets of webhooks',
    () => import('./secret.ts'),
  ],
  notify: ['send a test message to the channels', () => import('./notify.ts')],
  console: ['show the triggers and firings of a stack in a browser', () => import('./console.ts')],
  doctor: ['check key, server, triggers and webhooks', () => import('./doctor.ts')],
  deploy: ['show the plan, ask, and deploy the stack', () => import('./deploy.ts')],
  destroy: ['remove the stack, and say what stays', () => import('./destroy.ts')],
  init: ['write a triggers file from your run tests', () => import('./init.ts')],
};
