import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import * as z from 'zod';
import { exchange } from '../../lambda/api/exchange.ts';
import { parseJson } from '../../lambda/api/json.ts';
import type { Webhook } from '../../lambda/firing/trigger.ts';
import { InputError } from '../input-error.ts';
import { newRequestId } from '../request-id.ts';
import { sendCommand } from '../target/invoke.ts';
import { getSecret } from '../target/secret.ts';
import { connect } from './connect.ts';
import { deliveryBody } from './delivery-body.ts';
import { EXIT, type Io } from './io.ts';
import { answer, type Session, typed } from './program.ts';
import { signedHeaders } from './signed-headers.ts';
import type { Style } from './style.ts';
import { details } from './table.ts';
import { namedTriggers } from './triggers-file.ts';

const EXAMPLES = `
Signs as the trigger's sender does, with the secret that the service has. The
secret is in no argument of a process.

Examples:
  rtt deliver checkout-after-deploy
  rtt deliver checkout-after-deploy --event deployment_status --body event.json
  echo '{"ref":"main"}' | rtt deliver nightly-regression --body -

Exit codes: 0 accepted, 1 refused, 2 bad input
`;

/** API Gateway answers within 30 s. */
const LIMITS = { connectMs: 5_000, totalMs: 35_000 };

/** The command `deliver`: one POST to the trigger's webhook. */
export function deliverCommand(session: Session) {
  return new Command('deliver')
    .summary('send a signed delivery to the webhook of a trigger')
    .description('Sends a delivery to the webhook of a trigger, signed as its sender signs.')
    .argument('<trigger>', 'the trigger')
    .option('--body <file>', 'the JSON body; - is standard input (default: the smallest one)')
    .option('--event <name>', 'the kind of event, where the sender is GitHub or GitLab')
    .option('--header <header>', 'one more, as "name: value"; repeatable', readHeader, {})
    .option('--id <id>', 'of the delivery: the same again is a repetition (default: a new one)')
    .addHelpText('after', EXAMPLES)
    .action(async (trigger, { body: file, event, header, id = newRequestId() }) => {
      const { io } = session;
      const target = await connect(session);
      const { triggers } = await sendCommand(target, { command: 'describe' });
      namedTriggers(Object.keys(triggers), trigger);
      const webhook = triggers[trigger]?.webhook;
      if (!webhook) throw new InputError(`${trigger} has no webhook: fire it with rtt fire`);
      if (webhook.verify === 'sns') throw new InputError(signedByAmazon(webhook.topic));
      const headers = { ...eventHeader(webhook, event), ...header };
      const secret = await getSecret(target, webhook.secret);
      if (!secret) {
        const remedy = `set it with ${typed(session, `secret set ${webhook.secret}`)}`;
        throw new InputError(`The secret ${webhook.secret} has no value: ${remedy}`);
      }
      const now = io.clock.now();
      const given = file === undefined ? undefined : await readBody(file, io);
      const body = deliveryBody(webhook, given, { id, now });
      const url = target.webhookUrl(trigger);
      const response = await post(url, body, {
        'content-type': 'application/json',
        ...headers,
        ...signedHeaders(webhook, secret, { id, body, url, now }),
      });
      io.exitCode = response.isAccepted ? EXIT.ok : EXIT.failed;
      answer(session, response, (style) => format(response, style));
    });
}

/** Nobody else has the key. */
function signedByAmazon(topic: string): string {
  return `Amazon SNS signs its messages with its own key: aws sns publish --topic-arn ${topic} --message '{}'`;
}

function readHeader(text: string, before: Record<string, string>): Record<string, string> {
  const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+):\s*([\x20-\x7e]*)$/.exec(text) ?? [];
  if (name !== undefined && value !== undefined) return { ...before, [name.toLowerCase()]: value };
  throw new InvalidArgumentError('It must be like "x-environment: staging".');
}

function eventHeader({ verify }: Webhook, event: string | undefined): Record<string, string> {
  if (event === undefined) return {};
  if (verify === 'github' || verify === 'gitlab') return { [`x-${verify}-event`]: event };
  throw new InputError(`--event is for verify: github or gitlab, not ${verify}: use --header`);
}

async function readBody(file: string, { stdin }: Io): Promise<string> {
  return file === '-' ? text(stdin) : readFileSync(file, 'utf8');
}

interface Answer {
  readonly status: number;
  readonly isAccepted: boolean;
  /** JSON, or the text where it is none. */
  readonly body: unknown;
}

async function post(url: string, body: string, headers: Record<string, string>): Promise<Answer> {
  const answered = await exchange({ method: 'POST', url: new URL(url), headers, body }, LIMITS);
  if (answered.kind === 'broken')
    throw new InputError(`${url} gives no answer (${answered.reason}): try again`);
  const { status, body: text } = answered;
  return { status, isAccepted: status >= 200 && status < 300, body: parseJson(text) ?? text };
}

const fieldsSchema = z.record(z.string(), z.unknown());

function format({ status, isAccepted, body }: Answer, style: Style): string {
  const head = style(['bold', isAccepted ? 'green' : 'red'], `HTTP ${status}`);
  const { data: fields = { answer: body } } = fieldsSchema.safeParse(body);
  const rows = Object.entries(fields).map(([name, value]) => {
    const shown = typeof value === 'string' ? value : JSON.stringify(value);
    return [name.replaceAll('_', ' '), shown] as const;
  });
  return `${head}\n${details(rows, style)}`;
}
