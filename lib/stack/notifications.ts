import { CfnRule } from 'aws-cdk-lib/aws-events';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { EventKind } from '../../lambda/firing/event-kind.ts';
import { EVENT_SOURCE } from '../../lambda/firing/service-event.ts';
import { STATUS_OF } from '../../lambda/notify/commit-status.ts';
import type { TriggersFile } from '../config/schema.ts';
import { BundledFunction } from './bundled-function.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { besideEvent, type EventBus } from './event-bus.ts';
import type { Bundles } from './function-bundle.ts';
import { NotificationTopic } from './notification-topic.ts';
import { serviceName } from './service-settings.ts';

const COMMITS = 'The events whose commits get a status (commitStatus in the triggers file)';
const TOLD = 'Which events people get a message about (notify.on in the triggers file)';

/** But no repetition of a problem that people know. */
function toldOf(kinds: readonly EventKind[], { summary }: TriggersFile['notify']) {
  const absent = [{ exists: false }];
  return {
    kind: [...kinds, 'several', ...(summary ? ['summary'] : [])],
    repeated: [false],
    told_in: absent,
    held: absent,
  };
}

/** The way from an event on the bus to a message that people get. */
export class Notifications extends Construct {
  readonly topic: NotificationTopic;
  /** Turns an event into a message that a person can read. */
  readonly function: BundledFunction;
  readonly deadLetters: DeadLetterQueue;

  constructor(
    scope: Construct,
    id: string,
    bundles: Bundles,
    props: {
      readonly bus: EventBus;
      readonly config: Pick<TriggersFile, 'notify' | 'timezone' | 'triggers'>;
      readonly topic: ITopic | undefined;
    },
  ) {
    super(scope, id);
    const { bus, config } = props;
    const { notify, timezone } = config;
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters');
    this.topic = new NotificationTopic(this, 'Topic', config, props.topic);
    // A rule alone could not do it: what it sends to a topic is JSON text, in quotes, without a subject and the same for
    // e-mails and chats (aws/aws-cdk#5924).
    this.function = new BundledFunction(this, 'Notify', bundles, {
      name: 'notify',
      description: 'Sends people messages about what happened, by e-mail and in chats',
      // A cold start and one request to SNS.
      timeoutSeconds: 15,
      // What is throttled comes again, and messages are few: nothing has to be reserved for them.
      reservedConcurrency: 'unreserved',
      isTraced: false,
      environment: {
        TOPIC_ARN: this.topic.topic.topicArn,
        SERVICE: serviceName(this),
        TIMEZONE: timezone,
      },
      asynchronous: {
        retryAttempts: 2,
        // News of the night is still news in the morning: Lambda's maximum.
        maxEventAge: Duration.hours(6),
        deadLetters: this.deadLetters,
      },
    });
    this.deadLetters.grantDeadLetters(this.function.role);
    this.topic.grantPublish(this.function.role);
    // A rule for each channel: what one does not take is tried again for that one only.
    for (const [channel, { on = notify.on }] of Object.entries(notify.channels ?? {})) {
      this.#addRule(`Rule-${channel}`, bus, TOLD, toldOf(on, notify), { channel });
    }
    const webhooks = Object.values(config.triggers).flatMap(({ webhook }) => webhook ?? []);
    if (webhooks.some(({ commitStatus }) => commitStatus)) {
      const detail = { kind: Object.keys(STATUS_OF), change: { commit: [{ exists: true }] } };
      this.#addRule('CommitStatus', bus, COMMITS, detail, { to: 'commit' });
    }
    if (notify.on.length === 0 && !notify.summary) return;
    this.#addRule('Rule', bus, TOLD, toldOf(notify.on, notify));
  }

  /**
   * Hands the events whose detail matches to the function; `input` is what it gets beside the event: absent, the event alone,
   * for the topic. What Lambda does not take for a day (EventBridge's default) becomes a dead letter.
   */
  #addRule(
    id: string,
    bus: EventBus,
    description: string,
    detail: object,
    input?: Readonly<Record<string, string>>,
  ): void {
    const rule = new CfnRule(new Construct(this, id), 'Rule', {
      description,
      eventBusName: bus.name,
      eventPattern: { source: [EVENT_SOURCE], detail },
      targets: [
        {
          id: 'notify',
          arn: this.function.function.functionArn,
          deadLetterConfig: { arn: this.deadLetters.queueArn },
          ...(input && { inputTransformer: { inputTemplate: besideEvent(input) } }),
        },
      ],
    });
    this.deadLetters.serveRules(this.function.function, [{ id, arn: rule.attrArn }]);
  }
}
