import * as z from 'zod';
import { kindSchema, type ServiceEventKind } from '../../lambda/firing/service-event.ts';
import { repeated } from './clashes.ts';
import { readEmail } from './identifiers.ts';
import { each, leaf, listOf } from './leaf.ts';

/** What happens all the time and to plan. */
const UNEVENTFUL: ReadonlySet<ServiceEventKind> = new Set(['started', 'passed', 'skipped']);

const TWICE = 'is already in the list; remove it';

/** The key `notify` of the triggers file. */
export const notifySchema = z
  .strictObject({
    email: listOf(leaf(readEmail))
      .prefault([])
      .superRefine(
        each((addresses: string[]) =>
          repeated(addresses).map(({ index }) => ({ path: [index], message: TWICE })),
        ),
      )
      .describe('Addresses that get the messages; each is asked once to confirm.'),
    on: listOf(z.enum(kindSchema.options))
      .default(kindSchema.options.filter((kind) => !UNEVENTFUL.has(kind)))
      .describe(
        'What people are told of, by e-mail and in chats; absent: all but started, passed and skipped.',
      ),
  })
  .prefault({})
  .describe('Who is told when something happens, and of what (docs/events.md).');
