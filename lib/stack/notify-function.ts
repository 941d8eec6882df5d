import { EventInvokeConfig } from 'aws-cdk-lib/aws-lambda';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { BundledFunction } from './bundled-function.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';
import type { Bundles } from './function-bundle.ts';
import type { NotificationTopic } from './notification-topic.ts';
import { serviceName } from './service-settings.ts';

/** A cold start and one request to SNS. */
const TIMEOUT_SECONDS = 15;
const RETRIES = 2;
/** News of the night is still news in the morning: Lambda's maximum. */
const MAX_EVENT_AGE = Duration.hours(6);

/**
 * Turns an event into a message that a person can read. A rule alone could not: what it sends to a topic is JSON
 * text, in quotes, without a subject and the same for e-mails and chats (aws/aws-cdk#5924).
 */
export class NotifyFunction extends BundledFunction {
  constructor(
    scope: Construct,
    id: string,
    bundles: Bundles,
    props: {
      readonly topic: NotificationTopic;
      readonly timezone: string;
      readonly deadLetters: DeadLetterQueue;
    },
  ) {
    super(scope, id, bundles, {
      name: 'notify',
      description: 'Sends people messages about what happened, by e-mail and in chats',
      timeoutSeconds: TIMEOUT_SECONDS,
      // What is throttled comes again, and messages are few: nothing has to be reserved for them.
      reservedConcurrency: 'unreserved',
      isTraced: false,
      environment: {
        TOPIC_ARN: props.topic.arn,
        SERVICE: serviceName(scope),
        TIMEZONE: props.timezone,
      },
    });
    new EventInvokeConfig(this, 'AsynchronousEvents', {
      function: this.function,
      retryAttempts: RETRIES,
      maxEventAge: MAX_EVENT_AGE,
      onFailure: { bind: () => ({ destination: props.deadLetters.queueArn }) },
    });
    props.deadLetters.grantDeadLetters(this.role);
    props.topic.grantPublish(this.role);
  }
}
