import { createHash } from 'node:crypto';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { EVENT_SOURCE } from '../../lambda/firing/service-event.ts';
import type { EventRule } from '../../lambda/firing/trigger.ts';
import type { TriggersFile } from '../config/schema.ts';
import { type DeadLetterQueue, givenUpTo } from './dead-letter-queue.ts';
import { besideEvent, type EventBus } from './event-bus.ts';
import { serviceName } from './service-settings.ts';
import type { TriggerPlaces } from './trigger-places.ts';

/**
 * One EventBridge rule for each of a trigger's `events`. Its target gets the rule's place and the whole event, so the
 * function matches nothing by itself. Only these rules may invoke the function and write to its dead-letter queue.
 */
export function addTriggerEvents(
  service: Construct,
  props: {
    readonly triggers: TriggersFile['triggers'];
    readonly places: TriggerPlaces;
    readonly ownBus: EventBus;
    readonly target: LambdaFunction;
    readonly deadLetters: DeadLetterQueue;
  },
): void {
  const scope = new Construct(service, 'TriggerEvents');
  const { places, ownBus, target, deadLetters } = props;
  const own = Object.entries(props.triggers).flatMap(([name, trigger]) =>
    (trigger.events ?? []).map((rule, index) => ({ name, index, rule, trigger })),
  );
  const rules = own.map(({ name, index, rule, trigger }) => {
    const resource = new CfnRule(places.of(name, scope), `${name}-${index}`, {
      ...(places.areNested && { name: ruleName(scope, `${name}-${index}`) }),
      description: `Which events fire ${name} (events[${index}] in the triggers file)`,
      ...sourceOf(rule, ownBus),
      targets: [
        {
          id: 'trigger',
          arn: target.functionArn,
          inputTransformer: { inputTemplate: besideEvent({ trigger: name, rule: index }) },
          ...givenUpTo(deadLetters, trigger),
        },
      ],
    });
    return { id: `Event-${name}-${index}`, arn: resource.attrArn };
  });
  if (rules.length === 0) return;
  deadLetters.serveRules(target, places.areNested ? nestedSources(scope) : rules);
}

/** Of a rule in a nested stack. Those of the stack have names that CloudFormation makes: these are no other's. */
function ruleName(scope: Construct, id: string): string {
  return `${serviceName(scope)}-event-${createHash('sha256').update(id).digest('hex').slice(0, 16)}`;
}

/**
 * The rules in the nested stacks by their names: the policy of a function has room for about sixty of them (20 kB, Lambda
 * quotas). On the account's own bus and on others.
 */
function nestedSources(scope: Construct) {
  const stack = Stack.of(scope);
  return ['', '*/'].map((bus) => ({
    id: bus === '' ? 'Events' : 'EventsOfBuses',
    arn: stack.formatArn({
      service: 'events',
      resource: 'rule',
      resourceName: `${bus}${serviceName(scope)}-event-*`,
    }),
  }));
}

function sourceOf(rule: EventRule, ownBus: EventBus) {
  if (!('after' in rule)) return { eventBusName: rule.bus, eventPattern: rule.pattern };
  const detail = { kind: [...rule.kinds], trigger: [rule.after] };
  return { eventBusName: ownBus.name, eventPattern: { source: [EVENT_SOURCE], detail } };
}
