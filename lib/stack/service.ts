import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Duration, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { TriggersFile } from '../config/schema.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { EventBus } from './event-bus.ts';
import type { Bundles } from './function-bundle.ts';
import { addFunctions } from './functions.ts';
import { LedgerTable } from './ledger-table.ts';
import { Notifications } from './notifications.ts';
import { addObservation } from './observation.ts';
import { addOutputs } from './outputs.ts';
import { addSweepSchedule, addTriggerSchedules } from './schedules.ts';
import { secretAccess } from './secrets.ts';
import { type ServiceSettings, setServiceSettings } from './service-settings.ts';
import { addTriggerEvents } from './trigger-events.ts';
import { TriggerPlaces } from './trigger-places.ts';
import { WebhookApi } from './webhook-api.ts';

/** All that a service is built from; nothing is read from the environment. */
export interface ServiceProps {
  readonly config: TriggersFile;
  readonly settings: ServiceSettings;
  /** The names of secrets begin with it. */
  readonly stage: string | undefined;
  readonly bundles: Bundles;
  /** Instead of a topic of its own. */
  readonly topic?: ITopic | undefined;
  /** Of the secrets; absent, they are encrypted with the key that Secrets Manager owns. */
  readonly secretsKey?: IKey | undefined;
  /** When the template is written: EventBridge Scheduler takes no start of the past. */
  readonly now: Date;
  /** Version and commit. */
  readonly build: string;
  /** Address of the runbook, without a section. */
  readonly runbook: string;
}

/** Everything that one triggers file needs in an account. Two of them share nothing. */
export class Service extends Construct {
  readonly ledger: LedgerTable;
  readonly bus: EventBus;
  readonly topic: ITopic;
  /** Takes people's commands. */
  readonly command: IFunction;
  readonly webhookApi: WebhookApi;

  constructor(scope: Construct, id: string, props: ServiceProps) {
    super(scope, id);
    const { config, settings, stage, bundles, now, build, runbook } = props;
    setServiceSettings(this, settings);
    const { triggers, api, monitoring } = config;

    this.ledger = new LedgerTable(this, 'Ledger', config.ledger.table);
    const secrets = secretAccess(Stack.of(this), stage, props.secretsKey);
    const scheduleDeadLetters = new DeadLetterQueue(this, 'ScheduleDeadLetters');
    const triggerDeadLetters = new DeadLetterQueue(this, 'TriggerDeadLetters');
    this.bus = new EventBus(this, 'Events');
    const notifications = new Notifications(this, 'Notifications', bundles, {
      bus: this.bus,
      config,
      topic: props.topic,
    });
    this.topic = notifications.topic.topic;

    const { command, ...own } = addFunctions(this, bundles, config, {
      ledger: this.ledger,
      bus: this.bus,
      deadLetters: triggerDeadLetters,
    });
    this.command = command;
    const { trigger, starter, webhook, sweep } = own;
    for (const { role } of [trigger, starter, sweep]) secrets.grantRead(role, api.secret);
    if (monitoring.heartbeat !== undefined) secrets.grantRead(sweep.role, monitoring.heartbeat);
    for (const { secret } of Object.values(config.notify.channels ?? {})) {
      secrets.grantRead(notifications.function.role, secret);
    }
    for (const { webhook: hook } of Object.values(triggers)) {
      if (hook?.secret !== undefined) secrets.grantRead(webhook.role, hook.secret);
      if (!hook?.commitStatus) continue;
      secrets.grantRead(notifications.function.role, hook.commitStatus.secret);
    }

    const places = new TriggerPlaces(this, 'TriggerPlaces', triggers);
    const target = trigger.function;
    addTriggerSchedules(this, {
      triggers,
      places,
      target,
      deadLetters: scheduleDeadLetters,
      now,
    });
    addTriggerEvents(this, {
      triggers,
      places,
      ownBus: this.bus,
      target,
      deadLetters: triggerDeadLetters,
    });
    addSweepSchedule(this, sweep.function);
    this.webhookApi = new WebhookApi(this, 'WebhookApi', webhook.function);

    const functions = { ...own, notify: notifications.function };
    for (const each of Object.values(functions)) each.function.addEnvironment('RTT_VERSION', build);
    command.addEnvironment('RTT_VERSION', build);
    const notify = notifications.function.function;
    notify.addEnvironment('LOG_GROUP', sweep.logGroup.logGroupName);
    if (runbook.startsWith('https:')) notify.addEnvironment('RUNBOOK', runbook);
    const deadLetters = {
      schedule: scheduleDeadLetters,
      trigger: triggerDeadLetters,
      notify: notifications.deadLetters,
    };
    addObservation(this, {
      functions,
      deadLetters,
      topic: notifications.topic,
      scheduleGroup: places.group.ref,
      webhook: this.webhookApi,
      oldestOpenFiring: oldestOpenFiring(config),
      file: config,
      runbook,
    });
    addOutputs(this, {
      config,
      build,
      secrets,
      webhookApi: this.webhookApi,
      ledger: this.ledger,
      command,
      bus: this.bus,
      topic: this.topic,
      functions,
      deadLetters,
    });
  }
}

/** For late sweeps, and for evaluations and events that are tried again. */
const MARGIN_MINUTES = 60;

/** An age, in full hours, that no firing of these triggers reaches while all is well. */
function oldestOpenFiring({ triggers }: TriggersFile): Duration {
  const longest = Object.values(triggers).map(
    ({ startDeadlineMinutes, unknownGraceMinutes, follow, maxDurationMinutes }) =>
      startDeadlineMinutes + unknownGraceMinutes + (follow ? maxDurationMinutes : 0),
  );
  return Duration.hours(Math.ceil((Math.max(...longest) + MARGIN_MINUTES) / 60));
}
