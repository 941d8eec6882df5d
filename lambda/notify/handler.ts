import middy from '@middy/core';
import { readConfigFiles } from '../config/config-files.ts';
import { secretsManager, sns } from '../runtime/aws.ts';
import { required } from '../runtime/environment.ts';
import { answerRefusals } from '../runtime/refused.ts';
import { secretReader } from '../runtime/secrets.ts';
import { notifyOrTest, triggersIn } from './notify.ts';

const now = () => new Date();
const context = { sns: sns(), readSecret: secretReader(secretsManager(), now), now };
const files = readConfigFiles(import.meta.url);
const { notify: kinds, hasDashboard, channels } = files.index;
const { AWS_REGION: region, AWS_ENDPOINT_URL_SNS: imitation } = process.env;
const { LOG_GROUP: logGroup, RUNBOOK: runbook } = process.env;
const settings = {
  kinds,
  channels,
  region: imitation ? undefined : region,
  hasDashboard,
  logGroup,
  runbook,
  topicArn: required(process.env, 'TOPIC_ARN'),
  service: required(process.env, 'SERVICE'),
  timezone: required(process.env, 'TIMEZONE'),
};

/** Invoked by the rule on the service's bus, once for each event; after a failure up to twice more. And by a person's test. */
export const handler = middy<unknown, Awaited<ReturnType<typeof notifyOrTest>>>()
  .use(answerRefusals)
  .handler((event: unknown) =>
    notifyOrTest(event, context, { ...settings, ...files.named(triggersIn(event)) }),
  );
