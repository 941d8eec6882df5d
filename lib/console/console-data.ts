import type { FiringReport } from '../../lambda/firing/firing-report.ts';
import type { Pause } from '../../lambda/policies/admission-record.ts';
import type { SpentShare } from '../../lambda/policies/budget.ts';
import type { DryRun } from '../../lambda/trigger/dry-run.ts';
import type { Message } from '../target/messages.ts';
import type { Comparison } from '../views/comparison.ts';
import type { Trend } from '../views/trends.ts';
import type { Day } from '../views/week.ts';
import type { Action } from './action.ts';

export type { Action, Comparison, Day, DryRun, Trend };

/** A firing in a list. Times are ISO 8601 in UTC. */
export interface FiringRow {
  readonly id: string;
  readonly shortId: string;
  readonly trigger: string;
  /** The verdict where there is one, else the state. */
  readonly word: string;
  readonly tone: 'good' | 'busy' | 'bad' | 'quiet';
  readonly headline: string;
  readonly cause: string;
  /** When its schedule was due, else when it was recorded. */
  readonly due: string;
  readonly reason?: string;
  /** 0 to 100. */
  readonly successRate?: number;
  readonly evaluations?: Readonly<Record<string, number>>;
  readonly took?: string;
}

/** A due time, or a firing by another cause. Without an id, the ledger has nothing of it. */
export type DueRow = Omit<FiringRow, 'id' | 'shortId'> & Partial<Pick<FiringRow, 'id' | 'shortId'>>;

/** How a trigger is, the most urgent first. */
export type TriggerState = 'paused' | 'missed' | 'failing' | 'doubtful' | 'running' | 'ok' | 'new';

export interface TriggerRow {
  readonly name: string;
  readonly state: TriggerState;
  readonly pause?: Pause;
  /** The next time of each schedule that has one, the first first. */
  readonly next: readonly { readonly time: string; readonly timezone: string }[];
  /** The last 30, oldest first, with those that were missed or skipped, or of which nothing is recorded. */
  readonly due: readonly DueRow[];
  /** Of the last 30 runs. */
  readonly trends: readonly Trend[];
  /** The last seven days, today and the next seven. */
  readonly week: readonly Day[];
  readonly budget: readonly SpentShare[];
  /** What can be sent to try it. */
  readonly tests: readonly TestKind[];
}

/** A delivery, or an event on a bus, with an example of one. */
export type TestKind =
  | { readonly kind: 'delivery' }
  | { readonly kind: 'event'; readonly bus: string; readonly example: string };

/** The triggers file on the machine of the person. */
export interface FileView {
  readonly path: string;
  /** Absent where it cannot be read, which is a problem then. */
  readonly text?: string;
  readonly problems: readonly {
    readonly severity: 'error' | 'warning';
    readonly line: number;
    readonly column: number;
    /** Empty: the whole file. */
    readonly path: string;
    readonly message: string;
  }[];
  /** When a change of it is in use. */
  readonly note: string;
}

/** What the console shows first. */
export interface Overview {
  /** `local run at http://127.0.0.1:8787 (stand-in API)`. */
  readonly target: string;
  readonly isStandIn: boolean;
  /** Why nothing can be done here. */
  readonly readOnly?: string;
  /** Of every trigger. */
  readonly pause?: Pause;
  /** In which the days of `week` begin. */
  readonly timezone: string;
  /** Those of this page. */
  readonly triggers: readonly TriggerRow[];
  /** How many there are in all whose name has what was asked for. */
  readonly count: number;
  readonly pageLength: number;
}

/** One page of a list, newest first. */
export interface FiringsPage {
  readonly firings: readonly FiringRow[];
  /** Where the next page begins; absent on the last. */
  readonly next?: string;
  /** What the lists can be filtered by. */
  readonly triggers: readonly string[];
  readonly results: readonly string[];
}

export interface FiringView {
  readonly row: FiringRow;
  readonly facts: readonly (readonly [label: string, value: string])[];
  readonly timeline: readonly { readonly at: string; readonly what: string }[];
  /** What comes next, with whole command lines. */
  readonly next?: { readonly what: string; readonly commands: readonly string[] };
  readonly comparison?: Comparison;
  /** The execution's page in Future AGI. */
  readonly link?: string;
  readonly isFinal: boolean;
  /** What a person can do here, beside opening it; none where nothing can be done. */
  readonly actions: readonly ('retry' | 'cancel')[];
  /** Whole command lines that show or do the same. */
  readonly commands: readonly string[];
}

export interface LogRow {
  readonly id: string;
  readonly time: string;
  /** The short name of the function. */
  readonly source: string;
  readonly level: string;
  /** Empty where the line is not an entry of the service. */
  readonly event: string;
  readonly fields: string;
}

/** The newest lines of a log, newest first. */
export interface LogPage {
  readonly rows: readonly LogRow[];
  /** There were more. */
  readonly isCut: boolean;
  readonly triggers: readonly string[];
}

/** What people would have been told, newest first; absent where nobody keeps it. */
export interface MessagesPage {
  readonly messages?: readonly Message[];
}

export type ActionResult =
  | { readonly kind: 'dry-run'; readonly dryRun: DryRun }
  | { readonly kind: 'fired'; readonly report: FiringReport }
  /** With the firing that came of it. */
  | { readonly kind: 'done'; readonly message: string; readonly firing?: string };
