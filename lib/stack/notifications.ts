import { Construct } from 'constructs';
import type { TriggersFile } from '../config/schema.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import type { EventBus } from './event-bus.ts';
import type { Bundles } from './function-bundle.ts';
import { NotificationRule } from './notification-rule.ts';
import { NotificationTopic } from './notification-topic.ts';
import { NotifyFunction } from './notify-function.ts';

/** The way from an event on the bus to a message that people get. */
export class Notifications extends Construct {
  readonly topic: NotificationTopic;
  readonly function: NotifyFunction;
  readonly deadLetters: DeadLetterQueue;

  constructor(
    scope: Construct,
    id: string,
    bundles: Bundles,
    props: { readonly bus: EventBus; readonly config: Pick<TriggersFile, 'notify' | 'timezone'> },
  ) {
    super(scope, id);
    const { bus, config } = props;
    const { notify, timezone } = config;
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters');
    this.topic = new NotificationTopic(this, 'Topic', notify);
    this.function = new NotifyFunction(this, 'Notify', bundles, {
      topic: this.topic,
      timezone,
      deadLetters: this.deadLetters,
    });
    // A rule for each channel: what one does not take is tried again for that one only.
    for (const [channel, { on = notify.on }] of Object.entries(notify.channels ?? {})) {
      new NotificationRule(this, `Rule-${channel}`, {
        bus,
        kinds: on,
        channel,
        target: this.function.function,
        deadLetters: this.deadLetters,
      });
    }
    if (notify.on.length === 0) return;
    new NotificationRule(this, 'Rule', {
      bus,
      kinds: notify.on,
      target: this.function.function,
      deadLetters: this.deadLetters,
    });
  }
}
