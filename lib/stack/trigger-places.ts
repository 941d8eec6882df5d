import { CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { NestedStack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { partOf } from '../../lambda/config/parts.ts';
import type { TriggersFile } from '../config/schema.ts';
import { InputError } from '../input-error.ts';
import { serviceName } from './service-settings.ts';

type Triggers = TriggersFile['triggers'];

/** CloudFormation takes 500 resources in a template ("CloudFormation quotas"); everything else is about 150 of them. */
const MOST_IN_STACK = 200;
/** With 10,000 triggers a nested stack has about 160. The number never changes: a trigger keeps its nested stack. */
const NESTED_STACKS = 64;
const MOST_IN_NESTED_STACK = 480;
/** So many nested stacks are created at once: EventBridge Scheduler takes some hundred schedules a second. */
const LANES = 4;

/**
 * Where a trigger's schedules and rules are: in the stack itself or, where a file has more than 200 of them, all of them in
 * nested stacks, each trigger's by a hash of its name. So another trigger moves none. Those in nested stacks have a
 * schedule group of their own, so that the same schedule can be created there before CloudFormation deletes the one in the
 * stack: for a moment both fire, with the same occurrence, which starts once.
 */
export class TriggerPlaces extends Construct {
  readonly areNested: boolean;
  readonly group: CfnScheduleGroup;
  readonly #stacks: ReadonlyMap<string, NestedStack>;

  constructor(scope: Construct, id: string, triggers: Triggers) {
    super(scope, id);
    const places = placesOf(triggers);
    const count = places.reduce((sum, { resources }) => sum + resources, 0);
    const service = serviceName(this);
    this.areNested = count > MOST_IN_STACK;
    this.group = this.areNested
      ? new CfnScheduleGroup(this, 'NestedGroup', { name: `${service}-nested` })
      : new CfnScheduleGroup(scope, 'ScheduleGroup', { name: service });
    const parts = this.areNested ? Map.groupBy(places, ({ part }) => part) : new Map();
    this.#stacks = new Map(
      [...parts].map(([part, own]) => [part, this.#nestedStack(part, own)] as const),
    );
    this.#inLanes();
  }

  /** The construct for what belongs to this trigger. */
  of(trigger: string, inStack: Construct): Construct {
    return this.#stacks.get(nestedPartOf(trigger)) ?? inStack;
  }

  dependOn(construct: Construct): void {
    for (const stack of this.#stacks.values()) stack.node.addDependency(construct);
  }

  #nestedStack(part: string, own: readonly Place[]): NestedStack {
    const count = own.reduce((sum, { resources }) => sum + resources, 0);
    if (count > MOST_IN_NESTED_STACK) {
      throw new InputError(
        `One of ${NESTED_STACKS} nested stacks would have ${count} schedules and rules, of ${own.length} triggers, and CloudFormation takes ${MOST_IN_NESTED_STACK}. Divide the triggers file into two, and deploy each as a stage of its own (--stage)`,
      );
    }
    return new NestedStack(this, `Part${part}`, {
      description: 'Schedules and rules of some of the triggers',
    });
  }

  #inLanes(): void {
    const stacks = [...this.#stacks.values()];
    stacks.slice(LANES).forEach((stack, index) => {
      stack.node.addDependency(...stacks.slice(index, index + 1));
    });
  }
}

type Place = ReturnType<typeof placesOf>[number];

function placesOf(triggers: Triggers) {
  return Object.entries(triggers).flatMap(([name, { schedules, events = [] }]) => {
    const resources = schedules.length + events.length;
    return resources > 0 ? [{ part: nestedPartOf(name), resources }] : [];
  });
}

function nestedPartOf(trigger: string): string {
  return String(Number(partOf(trigger)) % NESTED_STACKS);
}
