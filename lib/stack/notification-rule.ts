import { CfnRule } from 'aws-cdk-lib/aws-events';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { EVENT_SOURCE } from '../../lambda/firing/service-event.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';
import { besideEvent, type EventBus } from './event-bus.ts';

/**
 * Hands the events whose detail matches to the notify function. What
 * Lambda does not take for a day (EventBridge's default) becomes a dead letter.
 */
export class NotificationRule extends Construct {
  constructor(
    scope: Construct,
    id: string,
    props: {
      readonly bus: EventBus;
      readonly description: string;
      /** Of the events' detail. */
      readonly detail: Readonly<Record<string, unknown>>;
      /** What the function gets beside the event: which channel it is for; absent: the event alone, for the topic. */
      readonly input?: Readonly<Record<string, string>>;
      readonly target: LambdaFunction;
      readonly deadLetters: DeadLetterQueue;
    },
  ) {
    super(scope, id);
    const { target, deadLetters } = props;
    const rule = new CfnRule(this, 'Rule', {
      description: props.description,
      eventBusName: props.bus.name,
      eventPattern: {
        source: [EVENT_SOURCE],
        detail: props.detail,
      },
      targets: [
        {
          id: 'notify',
          arn: target.functionArn,
          deadLetterConfig: { arn: deadLetters.queueArn },
          ...(props.input !== undefined && {
            inputTransformer: { inputTemplate: besideEvent(props.input) },
          }),
        },
      ],
    });
    deadLetters.serveRules(target, [{ id, arn: rule.attrArn }]);
  }
}
