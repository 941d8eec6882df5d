import { Stack, Tags } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { PROJECT, stackNameOf } from './project.ts';
import { Service, type ServiceProps } from './service.ts';

/** The service in a stack of its own. Stages of the same account share nothing. */
export class RunTestTriggerStack extends Stack {
  constructor(scope: Construct, props: Omit<ServiceProps, 'settings'>) {
    super(scope, stackNameOf(props.stage), {
      description: 'Starts Future AGI run tests on schedules and webhooks, exactly once',
    });
    // The CDK leaves this id out of logical ids.
    new Service(this, 'Default', { ...props, settings: { name: this.stackName } });
    Tags.of(this).add('project', PROJECT);
    Tags.of(this).add('stage', props.stage ?? 'default');
  }
}
