import type { Message } from '../target/messages.ts';

// What the server gives the page as JSON: the types are those of what the server makes.
export type { DryRun } from '../../lambda/trigger/dry-run.ts';
export type { Comparison } from '../views/comparison.ts';
export type { Trend } from '../views/trends.ts';
export type { Day } from '../views/week.ts';
export type { Action, ActionResult } from './act.ts';
export type { DueRow } from './firing-row.ts';
export type { FiringView } from './firing-view.ts';
export type { FiringsPage } from './firings-page.ts';
export type { LogPage, LogRow } from './log-page.ts';
export type { Overview, TestKind, TriggerRow, TriggerState } from './overview.ts';
export type { FileView } from './source.ts';

/** What people would have been told, newest first; absent where nobody keeps it. */
export interface MessagesPage {
  readonly messages?: readonly Message[];
}
