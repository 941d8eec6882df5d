import { CfnRule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { EventKind } from '../../lambda/firing/event-kind.ts';
import { EVENT_SOURCE } from '../../lambda/firing/service-event.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';
import type { EventBus } from './event-bus.ts';

/**
 * Hands the events of these kinds to the notify function, but no repetition of a problem that people know. What
 * Lambda does not take for a day (EventBridge's default) becomes a dead letter.
 */
export class NotificationRule extends Construct {
  constructor(
    scope: Construct,
    id: string,
    props: {
      readonly bus: EventBus;
      readonly kinds: readonly EventKind[];
      /** The name of the channel that it is for; absent: the topic. */
      readonly channel?: string;
      readonly target: LambdaFunction;
      readonly deadLetters: DeadLetterQueue;
    },
  ) {
    super(scope, id);
    const { target, deadLetters } = props;
    const rule = new CfnRule(this, 'Rule', {
      description: 'Which events people get a message about (notify.on in the triggers file)',
      eventBusName: props.bus.name,
      eventPattern: {
        source: [EVENT_SOURCE],
        detail: {
          kind: [...props.kinds, 'several'],
          repeated: [false],
          told_in: [{ exists: false }],
        },
      },
      targets: [
        {
          id: 'notify',
          arn: target.functionArn,
          deadLetterConfig: { arn: deadLetters.queueArn },
          ...(props.channel !== undefined && {
            inputTransformer: {
              inputTemplate: `{"channel":${JSON.stringify(props.channel)},"event":<aws.events.event.json>}`,
            },
          }),
        },
      ],
    });
    const principal = new ServicePrincipal('events.amazonaws.com');
    target.addPermission(id, { principal, sourceArn: rule.attrArn });
    deadLetters.addToResourcePolicy(
      new PolicyStatement({
        principals: [principal],
        actions: ['sqs:SendMessage'],
        resources: [deadLetters.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': rule.attrArn } },
      }),
    );
  }
}
