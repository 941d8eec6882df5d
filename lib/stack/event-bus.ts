import { CfnEventBus } from 'aws-cdk-lib/aws-events';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { allow } from './allow.ts';
import { serviceName } from './service-settings.ts';

/**
 * The EventBridge bus on which the service publishes what happened; docs/events.md has the events. It is the stack's own,
 * so that anybody may add rules to it, and nothing else arrives there.
 */
export class EventBus extends Construct {
  readonly name: string;
  readonly arn: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const bus = new CfnEventBus(this, 'Bus', {
      name: serviceName(this),
      description: 'What became of run tests, and of starting them',
    });
    this.name = bus.ref;
    this.arn = bus.attrArn;
  }

  grantPublish(role: Role): void {
    allow(role, ['events:PutEvents'], this.arn);
  }
}

/**
 * The template of a rule's input that has these values and the event. EventBridge replaces the placeholder by the event, as JSON
 * ("Input transformation", predefined variables).
 */
export function besideEvent(values: Readonly<Record<string, string | number>>): string {
  return `${JSON.stringify(values).slice(0, -1)},"event":<aws.events.event.json>}`;
}
