import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Fn, Stack, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { RetainedLogGroup } from './retained-log-group.ts';
import { serviceName } from './service-settings.ts';

/**
 * Requests per second over all triggers, and how many at once: 200 deliveries in one second are taken, and a flood costs
 * what docs/cost.md says. What is above gets 429, after which senders deliver again.
 */
const THROTTLE = { rateLimit: 100, burstLimit: 300 };

/**
 * Neither headers nor query: a signature or a mistaken token must not end up in a log. The route instead of the path,
 * which is anything that a stranger writes; the function's log names the trigger under the same request id.
 */
const ACCESS_LOG = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  sourceIp: '$context.identity.sourceIp',
  method: '$context.httpMethod',
  route: '$context.routeKey',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  error: '$context.error.message',
  functionRequestId: '$context.integration.requestId',
  integrationError: '$context.integrationErrorMessage',
};

/**
 * A delivery, CloudEvents' question whether it may send any, and the question what became of one. API Gateway itself
 * answers 404 to everything else.
 */
const ROUTES = [
  [HttpMethod.POST, '/hooks/{trigger}'],
  [HttpMethod.OPTIONS, '/hooks/{trigger}'],
  [HttpMethod.GET, '/hooks/{trigger}/firings/{firing}'],
] as const;

/** A throttled HTTP API with an access log. It lets everybody in: the function verifies signatures. */
export class WebhookApi extends Construct {
  readonly accessLog: LogGroup;
  /** How many requests were answered 4xx, and 5xx. */
  readonly refused: Metric;
  readonly failed: Metric;
  readonly #endpoint: string;

  constructor(scope: Construct, id: string, webhook: IFunction) {
    super(scope, id);
    this.accessLog = new RetainedLogGroup(this, 'AccessLog', accessLogName(this));
    const httpApi = new HttpApi(this, 'Api', {
      apiName: serviceName(this),
      description: 'Receives signed deliveries that fire triggers',
      createDefaultStage: false,
    });
    this.#endpoint = httpApi.apiEndpoint;
    this.refused = httpApi.metricClientError();
    this.failed = httpApi.metricServerError();
    const integration = new HttpLambdaIntegration('Webhook', webhook);
    for (const [method, path] of ROUTES) {
      const [route] = httpApi.addRoutes({ path, methods: [method], integration });
      if (route) {
        Validations.of(route).acknowledge({
          id: 'AwsSolutions-APIG4',
          reason: 'The function itself verifies each request, which needs the raw body.',
        });
      }
    }
    new HttpStage(this, 'Stage', {
      httpApi,
      stageName: '$default',
      autoDeploy: true,
      throttle: THROTTLE,
      accessLogSettings: {
        destination: new LogGroupLogDestination(this.accessLog),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
    });
  }

  urlOf(trigger: string): string {
    return `${this.#endpoint}/hooks/${trigger}`;
  }
}

/**
 * API Gateway allows itself to write to each log group in a policy of the account, which has no room for many: the whole
 * prefix /aws/vendedlogs/ is allowed once (CloudWatch Logs user guide, "Logging that requires additional permissions").
 * The end of the stack's id differs for each stack that was created.
 */
function accessLogName(scope: Construct): string {
  const { stackId } = Stack.of(scope);
  return `/aws/vendedlogs/${serviceName(scope)}-webhook-${Fn.select(2, Fn.split('/', stackId))}`;
}
