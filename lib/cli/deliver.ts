import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import * as z from 'zod';
import { parseJson } from '../../lambda/api/json.ts';
import { newRequestId } from '../request-id.ts';
import { type DeliveryAnswer, deliver, eventHeader } from '../target/deliver.ts';
import { openService } from './connect.ts';
import { EXIT, readInput } from './io.ts';
import { matching } from './option-values.ts';
import { answer, type Session } from './program.ts';
import type { Style } from './style.ts';
import { details } from './table.ts';

const EXAMPLES = `
Signs as the trigger's sender does, with the secret that the service has. The
secret is in no argument of a process.

Examples:
  rtt deliver checkout-after-deploy
  rtt deliver checkout-after-deploy --event deployment_status --body event.json
  echo '{"ref":"main"}' | rtt deliver nightly-regression --body -

Exit codes: 0 accepted, 1 refused, 2 bad input
`;

const NOT_JSON = 'a webhook refuses it only if its when or allow reads the body';

/**
 * Reads the webhook's secret at the local run or stack. Exit code 0 for a 2xx, 1 for another status, 2 where nothing
 * was sent or no answer came. `--json` prints `{ status, isAccepted, body }`.
 */
export function command(session: Session) {
  return new Command('deliver')
    .description('Sends a delivery to the webhook of a trigger, signed as its sender signs.')
    .argument('<trigger>', 'the trigger')
    .option('--body <file>', 'the JSON body; - is standard input (default: the smallest one)')
    .option(
      '--event <name>',
      'the kind of event, where the sender is GitHub or GitLab',
      readHeaderText,
    )
    .option('--header <header>', 'one more, as "name: value"; repeatable', readHeader, {})
    .option(
      '--id <id>',
      'of the delivery: the same again is a repetition (default: a new one)',
      readHeaderText,
    )
    .addHelpText('after', EXAMPLES)
    .action(async (trigger, { body: file, event, header, id = newRequestId() }) => {
      const { io } = session;
      const { target, config, named } = await openService(session);
      named(trigger);
      const webhook = config.triggers[trigger]?.webhook;
      const body = file === undefined ? undefined : await readInput(file, io);
      if (body !== undefined && !('content-type' in header) && parseJson(body) === undefined)
        io.stderr.write(`The body is not JSON: ${NOT_JSON}\n`);
      const response = await deliver(target, trigger, webhook, {
        id,
        body,
        headers: { ...(webhook && eventHeader(webhook, event)), ...header },
        now: io.clock.now(),
      });
      io.exitCode = response.isAccepted ? EXIT.ok : EXIT.failed;
      answer(session, response, (style) => format(response, style));
    });
}

function readHeader(text: string, before: Record<string, string>): Record<string, string> {
  const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+):\s*([\x20-\x7e]*)$/.exec(text) ?? [];
  if (name !== undefined && value !== undefined) return { ...before, [name.toLowerCase()]: value };
  throw new InvalidArgumentError('It must be like "x-environment: staging", in ASCII characters.');
}

/** HTTP takes white space off the ends, and not every sender and server agree on what is not ASCII. */
const readHeaderText = matching(
  /^(?! )[\x20-\x7e]+(?<! )$/,
  'An HTTP header carries it: it must be ASCII characters, without a space at its ends.',
);

const fieldsSchema = z.record(z.string(), z.unknown());

function format({ status, isAccepted, body }: DeliveryAnswer, style: Style): string {
  const head = style(['bold', isAccepted ? 'green' : 'red'], `HTTP ${status}`);
  const { data: fields = { answer: body } } = fieldsSchema.safeParse(body);
  const rows = Object.entries(fields).map(([name, value]) => {
    const shown = typeof value === 'string' ? value : JSON.stringify(value);
    return [name.replaceAll('_', ' '), shown] as const;
  });
  return `${head}\n${details(rows, style)}`;
}
