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
import { Stack, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { RetainedLogGroup } from './retained-log-group.ts';

/**
 * Requests per second over all triggers. Deliveries come a few a minute; ten at once is what the function's default
 * concurrency serves. What is above gets 429, after which senders deliver again.
 */
const THROTTLE = { rateLimit: 10, burstLimit: 20 };

/** Neither headers nor query: a signature or a mistaken token must not end up in a log. */
const ACCESS_LOG = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  sourceIp: '$context.identity.sourceIp',
  method: '$context.httpMethod',
  path: '$context.path',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  error: '$context.error.message',
  integrationError: '$context.integrationErrorMessage',
};

/** A delivery, and the question what became of one. API Gateway itself answers 404 to everything else. */
const ROUTES = [
  [HttpMethod.POST, '/hooks/{trigger}'],
  [HttpMethod.GET, '/hooks/{trigger}/firings/{firing}'],
] as const;

/** The HTTP API in front of the webhook function. */
export class WebhookApi extends Construct {
  readonly accessLog: LogGroup;
  /** How many requests were answered 4xx, and 5xx. */
  readonly refused: Metric;
  readonly failed: Metric;
  readonly #endpoint: string;

  constructor(scope: Construct, id: string, webhook: IFunction) {
    super(scope, id);
    this.accessLog = new RetainedLogGroup(this, 'AccessLog');
    const httpApi = new HttpApi(this, 'Api', {
      apiName: Stack.of(this).stackName,
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
