import * as z from 'zod';
import { kindSchema, type ServiceEventKind } from '../../lambda/firing/service-event.ts';
import { readEmail } from './identifiers.ts';
import { leaf, listOf } from './leaf.ts';

/** Who is told, and of what. */
export interface Notify {
  readonly email: readonly string[];
  readonly on: readonly ServiceEventKind[];
}

/** What happens all the time and to plan. */
const UNEVENTFUL: ReadonlySet<ServiceEventKind> = new Set(['started', 'passed', 'skipped']);

/** The key `notify` of the triggers file. */
export const notifySchema = z
  .strictObject({
    email: listOf(leaf(readEmail))
      .prefault([])
      .superRefine((addresses, { addIssue }) => {
        for (const [index, address] of addresses.entries()) {
          if (addresses.indexOf(address) === index) continue;
          addIssue({ code: 'custom', path: [index], message: 'is in the list already; remove it' });
        }
      })
      .describe('Addresses that get the messages; each is asked once to confirm.'),
    on: listOf(z.enum(kindSchema.options))
      .default(kindSchema.options.filter((kind) => !UNEVENTFUL.has(kind)))
      .describe(
        'What people are told of, by e-mail and in chats; absent: all but started, passed and skipped.',
      ),
  })
  .prefault({})
  .describe('Who is told when something happens, and of what (docs/events.md).');
