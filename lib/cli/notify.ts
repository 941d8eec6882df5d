import { Command } from '@commander-js/extra-typings';
import * as z from 'zod';
import type { ChannelTest } from '../../lambda/notify/test-channel.ts';
import { InputError } from '../input-error.ts';
import { invoke } from '../target/invoke.ts';
import { unconfirmedSubscriptions } from '../target/subscriptions.ts';
import type { Target } from '../target/target.ts';
import { connect } from './connect.ts';
import { EXIT } from './io.ts';
import { answer, type Session } from './program.ts';
import { details } from './table.ts';

const EXAMPLES = `
A test says that nothing has happened. It goes to a channel whatever the channel
is told of, and is sent once. \`topic\` is the topic of e-mails and chats.

Examples:
  rtt notify --test
  rtt notify --test qa-slack topic

Exit codes: 0 every channel took the message, 1 not
`;

const testsSchema: z.ZodType<ChannelTest[]> = z.array(
  z.object({
    channel: z.string(),
    kind: z.enum(['slack', 'teams', 'pagerduty', 'webhook', 'topic']),
    ok: z.boolean(),
    sent: z.string(),
    answer: z.string(),
    what_to_do: z.string().exactOptional(),
  }),
);

/**
 * Has the notify function of a local run or a stack send; no firing is changed. `--json` prints an array with what each
 * channel answered.
 */
export function command(session: Session) {
  return new Command('notify')
    .description('Sends a test message to every channel, and says what each answered.')
    .argument('[channels...]', 'names of notify.channels, or topic; absent: all')
    .requiredOption('--test', 'send a test message')
    .addHelpText('after', EXAMPLES)
    .action(async (channels) => {
      const target = await connect(session);
      const tests = (await sendTests(target, channels)).map((test) => asTyped(test, session));
      session.io.exitCode = tests.every(({ ok }) => ok) ? EXIT.ok : EXIT.failed;
      answer(session, tests, (style) =>
        tests
          .map(({ channel, kind, ok, sent, answer: said, what_to_do: toDo }) => {
            const rows = [
              [ok ? 'sent' : 'not sent', sent],
              ['answer', said],
              ['to do', toDo],
            ] as const;
            const mark = ok ? style('green', '✓') : style('red', '✗');
            const name = kind === channel ? channel : `${channel} (${kind})`;
            return `${mark} ${style('bold', name)}\n${details(rows, style)}`;
          })
          .join(''),
      );
    });
}

async function sendTests(target: Target, channels: readonly string[]): Promise<ChannelTest[]> {
  const fn = (await target.functions()).find((arn) => arn.endsWith('-notify'));
  if (fn === undefined)
    throw new InputError(`${target.name} has no function notify: deploy it again`);
  const tests = testsSchema.parse(JSON.parse(await invoke(target, fn, { test: channels })));
  return Promise.all(tests.map((test) => withUnconfirmed(test, target)));
}

/** The function knows the command, but not how this person types it. */
function asTyped({ answer: said, what_to_do: toDo, ...test }: ChannelTest, session: Session) {
  const inText = (text: string) =>
    text.replace(/npx rtt (secret set \S+)/g, (_, words: string) => session.typed(words));
  return { ...test, answer: inText(said), ...(toDo !== undefined && { what_to_do: inText(toDo) }) };
}

/** SNS takes a message although nobody gets it. */
async function withUnconfirmed(test: ChannelTest, target: Target): Promise<ChannelTest> {
  const waiting = test.kind === 'topic' ? await unconfirmedSubscriptions(target) : [];
  if (waiting.length === 0) return test;
  return {
    ...test,
    what_to_do: `${waiting.join(', ')} gets nothing until the link in AWS’s e-mail is opened.`,
  };
}
