import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import axios from 'axios';

const { API_BASE_URL, LEDGER_TABLE } = process.env;
const logger = new Logger({ serviceName: 'peer' });
const metrics = new Metrics({ namespace: 'peer', serviceName: 'peer' });
const tracer = new Tracer({ serviceName: 'peer' });
const secrets = tracer.captureAWSv3Client(new SecretsManagerClient());
const persistenceStore = new DynamoDBPersistenceLayer({
  tableName: LEDGER_TABLE,
  awsSdkV3Client: tracer.captureAWSv3Client(new DynamoDBClient()),
});
const config = new IdempotencyConfig({ eventKeyJmesPath: '[trigger, schedule, scheduledTime]' });

/** How such a start is usually written: four requests, and it does not know what became of a lost answer. */
export const handler = makeIdempotent(
  async (event, context) => {
    config.registerLambdaContext(context);
    logger.appendKeys({ trigger: event.trigger });
    logger.info('start');
    const { SecretString } = await secrets.send(
      new GetSecretValueCommand({ SecretId: 'run-test-trigger/api-key' }),
    );
    const { data } = await axios.post(
      `${API_BASE_URL}/simulate/run-tests/3c90c3cc-0d44-4b50-8888-8dd25736052a/execute/`,
      { selectAll: true, scenarioIds: [] },
      { headers: { authorization: `Bearer ${SecretString}` }, timeout: 45_000 },
    );
    metrics.addMetric('started', MetricUnit.Count, 1);
    metrics.publishStoredMetrics();
    logger.info('started', { execution_id: data.execution_id });
    return { execution_id: data.execution_id };
  },
  { persistenceStore, config },
);
