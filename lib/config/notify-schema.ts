import * as z from 'zod';
import { EVENT_KINDS, type EventKind, kindSchema } from '../../lambda/firing/event-kind.ts';
import { readEmail } from './identifiers.ts';
import { leaf, listOf } from './leaf.ts';

/** Who is told, and of what. */
export interface Notify {
  readonly email: readonly string[];
  readonly on: readonly EventKind[];
}

const { byDefault = [], others = [] } = Object.groupBy(kindSchema.options, (kind) =>
  EVENT_KINDS[kind].isToldByDefault ? 'byDefault' : 'others',
);
const ALL_BUT = new Intl.ListFormat('en-GB').format(others);

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
      .default(byDefault)
      .describe(`What people are told of, by e-mail and in chats; absent: all but ${ALL_BUT}.`),
  })
  .prefault({})
  .describe('Who is told when something happens, and of what (docs/events.md).');
