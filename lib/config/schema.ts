import * as z from 'zod';
import { isEmptySelection } from '../../lambda/firing/selection.ts';
import type { Trigger } from '../../lambda/firing/trigger.ts';
import { fileClashes, scheduleClashes } from './clashes.ts';
import { eventSchema } from './event-schema.ts';
import {
  readApiName,
  readBaseUrl,
  readSecret,
  readTable,
  readTriggerName,
  readUuid,
} from './identifiers.ts';
import {
  across,
  always,
  alwaysAt,
  at,
  duration,
  each,
  type Found,
  int,
  isMap,
  leaf,
  listOf,
  optional,
} from './leaf.ts';
import { monitoringSchema } from './monitoring-schema.ts';
import { notifySchema, triggerNotifySchema } from './notify-schema.ts';
import {
  budgetSchema,
  type Defaults,
  defaultPolicies,
  policyKeys,
  type Written,
} from './policy-schema.ts';
import { defaultWindow, scheduleSchema } from './schedule-schema.ts';
import { readTimezone } from './timezone.ts';
import { webhookSchema } from './webhook-schema.ts';

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
    scenarios: optional(
      listOf(apiName),
      'Names of scenarios instead of scenarioIds; looked up when the trigger fires.',
    ),
    simulatorId: optional(uuid, "Id of the simulator that calls instead of the run test's own."),
  })
  .refine(
    ({ scenarioIds, scenarios }) => !scenarios || scenarioIds.length === 0,
    at(['scenarios', 'scenarioIds'], 'is written beside scenarioIds; write either names or ids'),
  )
  .refine(
    (selection) => !isEmptySelection(selection),
    at(
      ['scenarioIds', 'selectAll', 'scenarios'],
      'is empty with selectAll: false, and the API runs every scenario when it gets no id; name the scenarios, or write selectAll: true to run all',
    ),
  )
  .describe('What each execution runs; sent to the API as documented.');

/** One trigger, with these defaults for what it does not say. */
export function triggerSchema({ timezone, flexibleWindowMinutes, policies }: Defaults) {
  const keys = {
    description: optional(z.string().max(512), 'What the trigger is for, in words.'),
    runTestId: optional(uuid, 'Id of the run test to execute.'),
    runTest: optional(
      apiName,
      'Name of the run test instead of its id; looked up when the trigger fires.',
    ),
    renamedFrom: optional(
      leaf(readTriggerName),
      'The trigger’s name before; its pause and the budget it has spent are kept. History, comparison and the webhook’s address begin anew.',
    ),
    execute,
    schedules: listOf(scheduleSchema(timezone, flexibleWindowMinutes))
      .prefault([])
      .describe('When the trigger fires by itself.'),
    events: optional(
      listOf(eventSchema),
      'Events of EventBridge, or ends of other triggers, that fire it.',
    ),
    webhook: webhookSchema.exactOptional(),
    notify: triggerNotifySchema,
    ...policyKeys,
    missedAfter: duration(1, 1440)
      .prefault('10 minutes')
      .describe(
        'How long after its time (and flexible window) a schedule that did not fire counts as missed: 1 minute to 1 day.',
      ),
    metrics: optional(
      z.boolean(),
      'true: CloudWatch has metrics of this trigger alone ($0.30 a month for each, for the hours in which it has data), and a dashboard shows them. Absent, it is only counted in those of all triggers.',
    ),
  } satisfies Record<Written<keyof Trigger> | 'description' | 'notify' | 'metrics', z.ZodType>;
  const checked = z
    .strictObject(keys)
    .refine(
      ({ runTestId, runTest }) => runTestId !== undefined || runTest !== undefined,
      alwaysAt('runTestId', 'is missing; write the run test’s id here, or its name as runTest'),
    )
    .refine(
      ({ runTestId, runTest }) => runTestId === undefined || runTest === undefined,
      alwaysAt('runTest', 'is written beside runTestId; write exactly one of the two'),
    )
    .refine(
      ({ onUnknown, startDeadline, unknownGrace }) =>
        onUnknown !== 'resend' || startDeadline > unknownGrace,
      at(
        ['onUnknown', 'startDeadline', 'unknownGrace'],
        'resend could never happen, because startDeadline ends before unknownGrace; make startDeadline longer than unknownGrace',
      ),
    )
    .refine(
      ({ follow, expect }) => follow || expect === undefined,
      at(
        ['expect', 'follow'],
        'is written beside follow: false, so nothing would be judged; remove one of the two',
      ),
    )
    .refine(
      ({ follow, webhook }) => follow || webhook?.commitStatus === undefined,
      at(
        ['webhook', 'follow'],
        'has commitStatus beside follow: false, so the commit would stay pending; remove one of the two',
      ),
    )
    .superRefine(
      each(({ schedules }) => scheduleClashes(schedules)),
      across('schedules'),
    )
    .transform(({ startDeadline, unknownGrace, maxDuration, missedAfter, ...rest }) => ({
      ...rest,
      startDeadlineMinutes: startDeadline,
      unknownGraceMinutes: unknownGrace,
      maxDurationMinutes: maxDuration,
      missedAfterMinutes: missedAfter,
    }));
  return z.preprocess(
    (trigger) => (isMap(trigger) ? { ...policies, ...trigger } : trigger),
    checked,
  );
}

/** A named trigger of the file: defaults applied, in normal form. */
export type TriggerEntry = z.output<ReturnType<typeof triggerSchema>>;

const concurrency = z
  .union([int(1, 1000), z.literal('unreserved')], {
    error: 'must be a whole number from 1 to 1000, or unreserved',
  })
  .default('unreserved');

/** The shape of `triggers.yaml`, with the defaults that the file itself has. */
export function fileSchema(defaults: Defaults) {
  return z
    .strictObject({
      api: z
        .strictObject({
          baseUrl: leaf(readBaseUrl)
            .prefault('https://api.futureagi.com')
            .describe('Address of the Future AGI API.'),
          dashboardUrl: optional(
            leaf(readBaseUrl),
            'Address of the dashboard, for the links in messages; only for a server of your own.',
          ),
          secret: leaf(readSecret).describe(
            'Secrets Manager name (rtt secret set creates it) or full ARN of the API key.',
          ),
          dialect: optional(
            z.enum(['documented', 'key-pair', 'current']),
            'How requests are written. Absent, the secret decides: a single key means documented, a key pair current. documented: Bearer key, camelCase fields, selectAll honoured. current: X-Api-Key and X-Secret-Key, snake_case fields, exclusion resolved before sending, as the public server wants it. key-pair: both headers and both casings, for a server with key pairs whose casing is not known; the fields that it refuses are left out.',
          ),
          maxStartsPerSecond: optional(
            z.number().positive().max(1000),
            'How many starts a second the API takes; many that are due together leave no faster. Absent, the service learns it from the answers (429).',
          ),
        })
        .describe('The Future AGI API and its key.'),
      reservedConcurrency: z
        .strictObject({
          trigger: concurrency.describe('For schedules.'),
          command: concurrency.describe('For people’s commands.'),
          webhook: concurrency.describe('For answering deliveries.'),
          starter: concurrency.describe('For the starts that deliveries cause.'),
        })
        .prefault({})
        .describe(
          'Concurrent executions reserved for each function; unreserved shares what the account has. 100 of an account must stay unreserved, so a new one has none to reserve.',
        ),
      ledger: z
        .strictObject({
          retentionDays: int(1, 3650)
            .default(90)
            .describe('How long a finished firing stays in the ledger, in days.'),
          table: optional(
            leaf(readTable),
            'Name or ARN of the ledger of an earlier stack, in the same account and region; a deployment goes on with it instead of a new one.',
          ),
        })
        .prefault({})
        .describe('The table that holds one item per firing.'),
      notify: notifySchema,
      monitoring: monitoringSchema,
      defaults: z
        .strictObject({
          timezone: leaf(readTimezone)
            .prefault('UTC')
            .describe('IANA time zone of schedules that name none, and of budgets.'),
          flexibleWindow: optional(
            defaultWindow,
            'Of schedules that name none: each fires at some time within this length after its time. It spreads many that are due at once.',
          ),
          ...defaultPolicies,
        })
        .prefault({})
        .describe('What applies where a trigger says nothing.'),
      budget: optional(
        budgetSchema,
        'How much of all triggers together may be started; beyond that, firings are skipped.',
      ),
      triggers: z
        .record(z.string(), triggerSchema(defaults))
        .superRefine(each(wrongNames), always)
        .describe(
          'Triggers by name: lower-case letters, digits and dashes. The name is part of the webhook URL and of every firing id.',
        ),
    })
    .superRefine(each(fileClashes), always)
    .transform(({ defaults, ...rest }) => ({ ...rest, timezone: defaults.timezone }));
}

/** What `triggers.yaml` says: checked, defaults applied, in normal form. */
export type TriggersFile = z.output<ReturnType<typeof fileSchema>>;

/** Checked here and not as the record's key, so that a bad name does not hide what is wrong inside. */
function wrongNames(triggers: object): Found[] {
  const names = Object.keys(triggers);
  if (names.length === 0) return [{ path: [], message: 'is empty; add a trigger' }];
  return names.flatMap((name) => {
    const found: Found[] = [];
    readTriggerName(name, (message) => {
      found.push({ path: [name], message, params: { atKey: true } });
    });
    return found;
  });
}
