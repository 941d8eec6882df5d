import { expect, test } from 'vitest';
import { propertiesOf, templateOf } from './synthesized.ts';

const template = templateOf();

test('there are three routes, one integration and payload format 2.0', () => {
  const routes = Object.values(propertiesOf(template, 'AWS::ApiGatewayV2::Route'));
  expect(routes.map(({ RouteKey }) => RouteKey)).toEqual([
    'POST /hooks/{trigger}',
    'OPTIONS /hooks/{trigger}',
    'GET /hooks/{trigger}/firings/{firing}',
  ]);
  template.resourceCountIs('AWS::ApiGatewayV2::Integration', 1);
  template.hasResourceProperties('AWS::ApiGatewayV2::Integration', {
    IntegrationType: 'AWS_PROXY',
    PayloadFormatVersion: '2.0',
  });
});

test('requests are throttled', () => {
  template.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
    StageName: '$default',
    AutoDeploy: true,
    DefaultRouteSettings: { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 300 },
  });
});

test('the access log is JSON without path, headers, query or body', () => {
  const [stage] = Object.values(propertiesOf(template, 'AWS::ApiGatewayV2::Stage'));
  expect(JSON.parse(stage?.AccessLogSettings.Format)).toEqual({
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
  });
});
