import type { Channel } from '../config/deployed-config.ts';
import { RefusedError } from '../runtime/refused.ts';
import { SecretUnusableError } from '../runtime/secrets.ts';
import { requestsOf, type TestNotice } from './channels.ts';
import { NotTakenError, post } from './post.ts';
import { TEST } from './routes.ts';
import type { NotifyContext, NotifySettings } from './settings.ts';
import type { Told } from './told.ts';
import { publish } from './topic.ts';

/** Only the receiver knows if the message has reached a person. */
export interface ChannelTest {
  readonly channel: string;
  readonly kind: Channel['kind'] | 'topic';
  readonly ok: boolean;
  readonly sent: string;
  /** What the receiver answered, or why nothing reached it; without its address. */
  readonly answer: string;
  readonly what_to_do?: string;
}

/** The name that stands for the topic among those of channels. */
const TOPIC = 'topic';

/**
 * Sends a test message to these channels; to all and to the topic where none is named. It is sent whatever the
 * channel is told of, and never repeated. Rejects where a name is unknown, before anything is sent.
 */
export async function testChannels(
  names: readonly string[],
  context: NotifyContext,
  settings: NotifySettings,
): Promise<ChannelTest[]> {
  const { channels = {} } = settings;
  const known = [TOPIC, ...Object.keys(channels)];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new RefusedError(
      `There is no channel ${unknown} in this deployment. Known: ${known.join(', ')}`,
    );
  }
  const wanted = names.length > 0 ? names : known;
  return Promise.all(
    wanted.map((name) => {
      const channel = channels[name];
      return channel ? testChannel(name, channel, context, settings) : testTopic(context, settings);
    }),
  );
}

async function testChannel(
  name: string,
  channel: Channel,
  { readSecret, now }: NotifyContext,
  { service }: NotifySettings,
): Promise<ChannelTest> {
  const notice = noticeAt(now());
  const told = testTold(name, service, notice);
  const about = { channel: name, kind: channel.kind, sent: SENT[channel.kind] };
  try {
    // A value that a person has just set is used.
    const secret = await readSecret(channel.secret, 0);
    const send = async (detail: TestNotice) => {
      const requests = requestsOf(channel, secret, { told, detail, service }, now());
      const answers = requests.map((request) => post(name, channel.secret, request));
      return (await Promise.all(answers)).join(', ');
    };
    const answer = await send(notice);
    if (channel.kind === 'pagerduty') await send({ ...notice, isOver: true });
    return { ...about, ok: true, answer };
  } catch (error) {
    const answer = error instanceof Error ? error.message : String(error);
    return { ...about, ok: false, answer, what_to_do: remedyOf(error, channel) };
  }
}

const SENT: Readonly<Record<Channel['kind'], string>> = {
  slack: 'a message',
  teams: 'a card',
  pagerduty: 'an incident of the severity info, resolved at once',
  webhook: 'a signed request of the type run-test-trigger.test',
};

async function testTopic(context: NotifyContext, settings: NotifySettings): Promise<ChannelTest> {
  const notice = noticeAt(context.now());
  const told = testTold('e-mail and chats of the topic', settings.service, notice);
  const about = { channel: TOPIC, kind: TOPIC, sent: 'a message to every subscriber' } as const;
  try {
    const attributes = { kind: ['test'], severity: ['info'], trigger: [TEST] };
    await publish(told, attributes, context.sns, settings);
    return { ...about, ok: true, answer: 'taken by SNS' };
  } catch (error) {
    const answer = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const what_to_do = 'Look at the topic, and at notify.encryptionKey if there is one.';
    return { ...about, ok: false, answer, what_to_do };
  }
}

function noticeAt(now: Date): TestNotice {
  return { kind: 'test', id: `test-${now.toISOString()}`, time: now.toISOString() };
}

function testTold(name: string, service: string, { id, time }: TestNotice): Told {
  return {
    sentence: `This is a test of ${name}: nothing has happened`,
    subject: `[${service}] Test: nothing has happened`,
    heading: 'Why',
    reasons: [`Messages of ${service} arrive here.`],
    steps: [],
    facts: [['When', time]],
    mark: {
      id,
      symbol: '🔧',
      eventType: 'Test',
      thread: 'test',
      keywords: ['test'],
      resources: [],
    },
  };
}

function remedyOf(error: unknown, { kind, secret }: Channel): string {
  const set = `npx rtt secret set ${secret}`;
  if (error instanceof SecretUnusableError) return set;
  if (!(error instanceof NotTakenError)) return 'Send the test again.';
  const { status } = error;
  if (status === undefined) return 'Is the address right, and can it be reached from the Internet?';
  if (status === 429 || status >= 500) return 'The receiver is busy or fails: send the test again.';
  if (kind === 'webhook') return `If it refuses the signature: ${set}`;
  return kind === 'pagerduty'
    ? `Copy the integration key of the Events API v2: ${set}`
    : `Create the incoming webhook again, and: ${set}`;
}
