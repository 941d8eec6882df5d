import * as z from 'zod';
import type { Budget, Expectation, Overlap, Webhook } from '../../lambda/config/deployed-config.ts';
import { isEmptySelection } from '../../lambda/firing/selection.ts';
import { nameClashes, scheduleClashes, secretClashes } from './clashes.ts';
import { expectSchema } from './expect-schema.ts';
import { readApiName, readBaseUrl, readSecret, readTriggerName, readUuid } from './identifiers.ts';
import { across, always, duration, leaf, listOf } from './leaf.ts';
import { type Notify, notifySchema } from './notify-schema.ts';
import { budgetSchema, defaultPolicies, triggerPolicies } from './policy-schema.ts';
import { type Schedule, scheduleSchema } from './schedule-schema.ts';
import { readTimezone } from './timezone.ts';
import { webhookSchema } from './webhook-schema.ts';

/** What `triggers.yaml` says: checked, defaults applied, in normal form. */
export interface TriggersFile {
  readonly api: {
    readonly baseUrl: string;
    readonly secret: string;
    readonly dialect?: 'documented' | 'key-pair' | 'current';
  };
  readonly reservedConcurrency: {
    readonly trigger: number | 'unreserved';
    readonly webhook: number | 'unreserved';
  };
  readonly ledger: { readonly retentionDays: number };
  /** Of schedules that name none, of budgets, and of the times in messages. */
  readonly timezone: string;
  readonly budget?: Budget;
  readonly notify: Notify;
  readonly triggers: Readonly<Record<string, TriggerEntry>>;
}

/** One named trigger. Ids are lower-case UUIDs. Exactly one of `runTestId` and `runTest` is present. */
export interface TriggerEntry {
  readonly description?: string;
  readonly runTestId?: string;
  readonly runTest?: string;
  readonly execute: {
    readonly selectAll: boolean;
    readonly scenarioIds: string[];
    readonly scenarios?: string[];
    readonly simulatorId?: string;
  };
  readonly schedules: readonly Schedule[];
  readonly webhook?: Webhook;
  readonly startDeadlineMinutes: number;
  readonly onUnknown: 'hold' | 'resend';
  readonly unknownGraceMinutes: number;
  readonly onMismatch?: 'report' | 'cancel';
  readonly follow: boolean;
  readonly maxDurationMinutes: number;
  readonly expect?: Expectation;
  readonly missedAfterMinutes: number;
  readonly overlap: Overlap;
  readonly budget?: Budget;
  readonly pauseAfterRejected: number;
}

const uuid = leaf(readUuid);
const apiName = leaf(readApiName);

const execute = z
  .strictObject({
    selectAll: z
      .boolean()
      .describe(
        'true: every scenario except those in scenarioIds. false: only those in scenarioIds.',
      ),
    scenarioIds: listOf(uuid)
      .prefault([])
      .describe(
        'Ids of scenarios: left out when selectAll is true, the only ones when it is false.',
      ),
    scenarios: listOf(apiName)
      .exactOptional()
      .describe('Names of scenarios instead of scenarioIds; looked up when the trigger fires.'),
    simulatorId: uuid
      .exactOptional()
      .describe("Id of the simulator that calls instead of the run test's own."),
  })
  .refine(({ scenarioIds, scenarios }) => !scenarios || scenarioIds.length === 0, {
    ...across('scenarioIds', 'scenarios'),
    path: ['scenarios'],
    error: 'stands beside scenarioIds; write either names or ids',
  })
  .refine((selection) => !isEmptySelection(selection), {
    ...across('selectAll', 'scenarioIds', 'scenarios'),
    path: ['scenarioIds'],
    error:
      'is empty with selectAll: false, and the API runs every scenario when no id is given; name the scenarios, or write selectAll: true if all of them are meant',
  })
  .describe('What each execution runs; sent to the API as documented.');

/** One trigger. A schedule's time zone that it does not name is `defaultTimezone`. */
export function triggerSchema(defaultTimezone: string) {
  return z
    .strictObject({
      description: z
        .string()
        .max(512)
        .exactOptional()
        .describe('What the trigger is for, in words.'),
      runTestId: uuid.exactOptional().describe('Id of the run test to execute.'),
      runTest: apiName
        .exactOptional()
        .describe('Name of the run test instead of its id; looked up when the trigger fires.'),
      execute,
      schedules: listOf(scheduleSchema(defaultTimezone))
        .prefault([])
        .describe('When the trigger fires by itself.'),
      webhook: webhookSchema.exactOptional(),
      ...triggerPolicies,
      budget: budgetSchema
        .exactOptional()
        .describe('How much of this trigger may be started; beyond that, firings are skipped.'),
      follow: z
        .boolean()
        .default(true)
        .describe('Whether executions are watched to their end and judged by expect.'),
      maxDuration: duration(1, 10_080)
        .prefault('6 hours')
        .describe('An execution that takes longer counts as lost: 1 minute to 7 days.'),
      expect: expectSchema.exactOptional(),
      missedAfter: duration(1, 1440)
        .prefault('10 minutes')
        .describe(
          'How long after its time (and flexible window) a schedule that did not fire counts as missed: 1 minute to 1 day.',
        ),
    })
    .refine(({ runTestId, runTest }) => runTestId !== undefined || runTest !== undefined, {
      ...always,
      path: ['runTestId'],
      error: 'is missing; write the run test’s id here, or its name as runTest',
    })
    .refine(({ runTestId, runTest }) => runTestId === undefined || runTest === undefined, {
      ...always,
      path: ['runTest'],
      error: 'stands beside runTestId; write exactly one of the two',
    })
    .refine(
      ({ onUnknown, startDeadline, unknownGrace }) =>
        onUnknown !== 'resend' || startDeadline > unknownGrace,
      {
        ...across('onUnknown', 'startDeadline', 'unknownGrace'),
        path: ['onUnknown'],
        error:
          'resend could never happen: startDeadline is over before unknownGrace is; make startDeadline longer than unknownGrace',
      },
    )
    .refine(({ follow, expect }) => follow || expect === undefined, {
      ...across('follow', 'expect'),
      path: ['expect'],
      error: 'stands beside follow: false, so nothing would be judged; remove one of the two',
    })
    .superRefine(({ schedules }, { addIssue }) => {
      for (const { path, message } of scheduleClashes(schedules))
        addIssue({ code: 'custom', path: [...path], message });
    }, across('schedules'))
    .transform(
      ({ startDeadline, unknownGrace, maxDuration, missedAfter, ...rest }): TriggerEntry => ({
        ...rest,
        startDeadlineMinutes: startDeadline,
        unknownGraceMinutes: unknownGrace,
        maxDurationMinutes: maxDuration,
        missedAfterMinutes: missedAfter,
      }),
    );
}

const concurrency = z.union([z.int().min(1).max(1000), z.literal('unreserved')], {
  error: 'must be a whole number from 1 to 1000, or unreserved',
});

/** The shape of `triggers.yaml`. `defaultTimezone` is what the file's `defaults.timezone` says. */
export function fileSchema(defaultTimezone: string) {
  return z
    .strictObject({
      api: z
        .strictObject({
          baseUrl: leaf(readBaseUrl)
            .prefault('https://api.futureagi.com')
            .describe('Address of the Future AGI API.'),
          secret: leaf(readSecret).describe(
            'Secrets Manager name (created by the stack) or full ARN of the API key.',
          ),
          dialect: z
            .enum(['documented', 'key-pair', 'current'])
            .exactOptional()
            .describe(
              'How the server is spoken to. Absent, the secret chooses: a single key speaks documented, a key pair current. documented: Bearer key, camelCase fields, selectAll honoured. current: X-Api-Key and X-Secret-Key, snake_case fields, exclusion resolved before sending, as the public server wants it. key-pair: both headers and both spellings, for a server with key pairs whose casing is not known; what it refuses is left out.',
            ),
        })
        .describe('The Future AGI API and its key.'),
      reservedConcurrency: z
        .strictObject({
          trigger: concurrency.default(5).describe('For schedules and manual firings.'),
          webhook: concurrency.default(10).describe('For deliveries.'),
        })
        .prefault({})
        .describe(
          'Concurrent executions reserved for each function, or unreserved: an account with a limit of 10 has none to reserve.',
        ),
      ledger: z
        .strictObject({
          retentionDays: z
            .int()
            .min(1)
            .max(3650)
            .default(90)
            .describe('How long a finished firing stays in the ledger, in days.'),
        })
        .prefault({})
        .describe('The table that holds one item per firing.'),
      notify: notifySchema,
      defaults: z
        .strictObject({
          timezone: leaf(readTimezone)
            .prefault('UTC')
            .describe('IANA time zone of schedules that name none, and of budgets.'),
          ...defaultPolicies,
        })
        .prefault({})
        .describe('What applies where a trigger says nothing.'),
      budget: budgetSchema
        .exactOptional()
        .describe(
          'How much of all triggers together may be started; beyond that, firings are skipped.',
        ),
      triggers: z
        .record(z.string(), triggerSchema(defaultTimezone))
        .superRefine(checkNames, always)
        .describe(
          'Triggers by name: lower-case letters, digits and dashes. The name is part of the webhook URL and of every firing id.',
        ),
    })
    .superRefine((file, { addIssue }) => {
      if (forgetsDeliveries(file)) {
        addIssue({ code: 'custom', path: ['ledger', 'retentionDays'], message: FORGETFUL });
      }
      for (const { path, message } of [...secretClashes(file), ...nameClashes(file)]) {
        addIssue({ code: 'custom', path: [...path], message });
      }
    }, always)
    .transform(({ defaults, ...rest }): TriggersFile => ({ ...rest, timezone: defaults.timezone }));
}

/** GitHub redelivers for 3 days, and a person may be slower than that. */
const LEAST_MEMORY_DAYS = 7;
const FORGETFUL = `is too short for triggers with a webhook, whose repeated deliveries would start again; allowed: at least ${LEAST_MEMORY_DAYS}`;

function forgetsDeliveries({
  ledger,
  triggers,
}: {
  readonly ledger?: { readonly retentionDays?: number };
  readonly triggers?: Readonly<Record<string, { readonly webhook?: unknown }>>;
}): boolean {
  const days = ledger?.retentionDays;
  if (typeof days !== 'number' || days >= LEAST_MEMORY_DAYS) return false;
  return Object.values(triggers ?? {}).some((trigger) => trigger?.webhook !== undefined);
}

/** Checked here and not as the record's key, so that a bad name does not hide what is wrong inside. */
function checkNames(triggers: object, { addIssue }: z.core.$RefinementCtx): void {
  const names = Object.keys(triggers);
  if (names.length === 0) addIssue('is empty; add a trigger');
  for (const name of names) {
    readTriggerName(name, (message) =>
      addIssue({ code: 'custom', path: [name], message, params: { atKey: true } }),
    );
  }
}
