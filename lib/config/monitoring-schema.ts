import * as z from 'zod';
import { readRunbookUrl, readSecret } from './identifiers.ts';
import { leaf, optional } from './leaf.ts';

/** Key `monitoring` of the triggers file; absent, it has every default. Dollars are prices of CloudWatch. */
export const monitoringSchema = z
  .strictObject({
    alarms: z
      .enum(['urgent', 'all'])
      .default('urgent')
      .describe(
        'urgent: what needs a person now, $0.80 a month. all: warnings as well, and an alarm for each function, $2.40 a month.',
      ),
    dashboard: z
      .boolean()
      .default(false)
      .describe(
        'Whether there is a CloudWatch dashboard ($3 a month) with metrics of all triggers together ($0.30 each, for the hours in which they have data), and of each that says metrics: true.',
      ),
    heartbeat: optional(
      leaf(readSecret),
      'Secret with an https URL that each good sweep calls, so that a service outside of AWS notices when none does (Healthchecks, Cronitor and others).',
    ),
    runbook: optional(
      leaf(readRunbookUrl),
      'Address of docs/runbook.md for the texts of alarms; absent: where the git remote origin of the project shows it.',
    ),
  })
  .prefault({})
  .describe('How the service itself is watched (docs/runbook.md).');
