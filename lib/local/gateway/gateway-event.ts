import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { ACCOUNT } from '../assembly/account.ts';
import { traceId } from '../functions/function-process.ts';
import type { RouteMatch } from './route-match.ts';

/** Everything else is handed over in base64, as is any body with a content encoding. */
const TEXT_TYPE = /^(text\/.*|application\/(json|xml|javascript)|.*\+(json|xml))$/;

/** The event of API Gateway's payload format 2.0 for a request. */
export function toEvent(
  request: IncomingMessage,
  body: Buffer,
  { route, parameters }: RouteMatch,
): APIGatewayProxyEventV2 {
  const [rawPath = '/', rawQueryString = ''] = (request.url ?? '/').split(/\?(.*)/s);
  const { cookie: cookies, ...headers } = request.headersDistinct;
  const joined = Object.entries(headers).map(([name, values = []]) => [name, values.join(',')]);
  const now = new Date();
  const isBase64Encoded = body.length > 0 && !isText(request, body);
  const query = queryOf(rawQueryString);
  return {
    version: '2.0',
    routeKey: `${route.method} ${route.path}`,
    rawPath,
    rawQueryString,
    ...(cookies && { cookies: cookies.flatMap((cookie) => cookie.split(/; */)) }),
    headers: { ...Object.fromEntries(joined), ...forwarded(request) },
    ...(Object.keys(query).length > 0 && { queryStringParameters: query }),
    requestContext: {
      accountId: ACCOUNT,
      apiId: 'local',
      domainName: request.headers.host ?? '',
      domainPrefix: 'local',
      http: {
        method: request.method ?? '',
        path: rawPath,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress ?? '',
        userAgent: request.headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: `${route.method} ${route.path}`,
      stage: '$default',
      time: commonLogTime(now),
      timeEpoch: now.getTime(),
    },
    ...(Object.keys(parameters).length > 0 && { pathParameters: { ...parameters } }),
    ...(body.length > 0 && { body: body.toString(isBase64Encoded ? 'base64' : 'utf8') }),
    isBase64Encoded,
  };
}

function isText(request: IncomingMessage, body: Buffer): boolean {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
  return TEXT_TYPE.test(type) && !request.headers['content-encoding'] && isUtf8(body);
}

/** Repeated parameters are joined with commas. */
function queryOf(rawQueryString: string): Record<string, string> {
  const parameters = new URLSearchParams(rawQueryString);
  return Object.fromEntries(
    [...new Set(parameters.keys())].map((key) => [key, parameters.getAll(key).join(',')]),
  );
}

/** What API Gateway adds on the way. */
function forwarded({ socket }: IncomingMessage): Record<string, string> {
  return {
    'x-amzn-trace-id': traceId(),
    'x-forwarded-for': socket.remoteAddress ?? '',
    'x-forwarded-port': String(socket.localPort),
    'x-forwarded-proto': 'http',
  };
}

/** `24/Nov/2026:02:00:00 +0000` */
function commonLogTime(time: Date): string {
  const [, day, month, year, clock] = time.toUTCString().split(' ');
  return `${day}/${month}/${year}:${clock} +0000`;
}
