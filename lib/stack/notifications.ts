import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { EventKind } from '../../lambda/firing/event-kind.ts';
import { STATUS_OF } from '../../lambda/notify/commit-status.ts';
import type { TriggersFile } from '../config/schema.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import type { EventBus } from './event-bus.ts';
import type { Bundles } from './function-bundle.ts';
import { NotificationRule } from './notification-rule.ts';
import { NotificationTopic } from './notification-topic.ts';
import { NotifyFunction } from './notify-function.ts';

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
  readonly function: NotifyFunction;
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
    this.function = new NotifyFunction(this, 'Notify', bundles, {
      topic: this.topic,
      timezone,
      deadLetters: this.deadLetters,
    });
    const rule = { bus, target: this.function.function, deadLetters: this.deadLetters };
    // A rule for each channel: what one does not take is tried again for that one only.
    for (const [channel, { on = notify.on }] of Object.entries(notify.channels ?? {})) {
      new NotificationRule(this, `Rule-${channel}`, {
        ...rule,
        description: TOLD,
        detail: toldOf(on, notify),
        input: { channel },
      });
    }
    const webhooks = Object.values(config.triggers).flatMap(({ webhook }) => webhook ?? []);
    if (webhooks.some(({ commitStatus }) => commitStatus)) {
      new NotificationRule(this, 'CommitStatus', {
        ...rule,
        description: 'The events whose commits get a status (commitStatus in the triggers file)',
        detail: { kind: Object.keys(STATUS_OF), change: { commit: [{ exists: true }] } },
        input: { to: 'commit' },
      });
    }
    if (notify.on.length === 0 && !notify.summary) return;
    new NotificationRule(this, 'Rule', {
      ...rule,
      description: TOLD,
      detail: toldOf(notify.on, notify),
    });
  }
}
