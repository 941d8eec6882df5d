import * as z from 'zod';
import { EVENT_KINDS, kindSchema } from '../../lambda/firing/event-kind.ts';
import { repeated } from './clashes.ts';
import { readEmail, readKeyArn } from './identifiers.ts';
import { each, leaf, listOf } from './leaf.ts';

const { byDefault = [], others = [] } = Object.groupBy(kindSchema.options, (kind) =>
  EVENT_KINDS[kind].isToldByDefault ? 'byDefault' : 'others',
);
const ALL_BUT = new Intl.ListFormat('en-GB').format(others);

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
      .default(byDefault)
      .describe(`What people are told of, by e-mail and in chats; absent: all but ${ALL_BUT}.`),
    encryptionKey: leaf(readKeyArn)
      .exactOptional()
      .describe(
        'ARN of a KMS key that encrypts the messages at rest; its policy must allow CloudWatch to use it (docs/security.md).',
      ),
  })
  .prefault({})
  .describe('Who is told when something happens, and of what (docs/events.md).');
