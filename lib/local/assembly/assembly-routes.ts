import * as z from 'zod';
import type { Template } from './template.ts';

const apiSchema = z.object({
  ProtocolType: z.literal('HTTP'),
  CorsConfiguration: z.never().optional(),
});
const stageSchema = z.object({ StageName: z.literal('$default') });
const integrationSchema = z.object({
  IntegrationType: z.literal('AWS_PROXY'),
  IntegrationUri: z.string(),
  PayloadFormatVersion: z.literal('2.0'),
  /** An HTTP API's limit, and its default. */
  TimeoutInMillis: z.number().default(30_000),
});
const routeSchema = z.object({
  RouteKey: z
    .string()
    .regex(/^(?!ANY)[A-Z]+ (\/([\w-]+|\{\w+\}))+$/, 'must be METHOD /path/{parameter}'),
  Target: z.string().startsWith('integrations/'),
  AuthorizationType: z.literal('NONE').default('NONE'),
});

/** The HTTP API's routes; each must lead to a function of the stack. */
export function readRoutes(template: Template) {
  template.read('AWS::ApiGatewayV2::Api', apiSchema);
  template.read('AWS::ApiGatewayV2::Stage', stageSchema);
  const integrations = new Map(
    template
      .read('AWS::ApiGatewayV2::Integration', integrationSchema)
      .map(({ resource, properties }) => [`integrations/${template.nameOf(resource)}`, properties]),
  );
  const routes = template.read('AWS::ApiGatewayV2::Route', routeSchema);
  refuseOverlaps(routes.map(({ properties }) => properties.RouteKey));
  return routes.map(({ resource, properties }) => {
    const { RouteKey, Target } = properties;
    const integration = integrations.get(Target);
    if (!integration) throw new Error(`Route ${RouteKey} leads to ${Target}, which does not exist`);
    template.functionAt(integration.IntegrationUri, resource);
    const [method = '', path = ''] = RouteKey.split(' ');
    return {
      /** Upper case. */
      method,
      /** With `{parameter}` segments. */
      path,
      functionArn: integration.IntegrationUri,
      timeoutMs: integration.TimeoutInMillis,
    };
  });
}

/** API Gateway would choose the one with fewer parameters; the local run does not choose. */
function refuseOverlaps(routeKeys: readonly string[]): void {
  const clashes = routeKeys.filter((key, index) =>
    routeKeys.some((other, at) => at !== index && overlap(key, other)),
  );
  if (clashes.length === 0) return;
  throw new Error(
    `The local run cannot imitate routes that one request may match: ${clashes.join(', ')}`,
  );
}

function overlap(one: string, other: string): boolean {
  const others = other.split(/[ /]/);
  const own = one.split(/[ /]/);
  const meets = (part: string, met = '') =>
    part === met || part.startsWith('{') || met.startsWith('{');
  return own.length === others.length && own.every((part, index) => meets(part, others[index]));
}
