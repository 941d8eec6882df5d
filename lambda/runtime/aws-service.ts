import { partition } from '@aws-sdk/core/client';
import { loadRestJsonErrorCode } from '@smithy/core/protocols';
import { type Post, poster } from './aws-connection.ts';
import type { Repeat } from './aws-retries.ts';
import { type AwsRequest, signer } from './aws-signature.ts';
import { required } from './environment.ts';
import { https } from './https.ts';

/** By the name with which requests are signed: the word for it in `AWS_ENDPOINT_URL_…`. */
const ENDPOINT_VARIABLES = {
  dynamodb: 'DYNAMODB',
  events: 'EVENTBRIDGE',
  lambda: 'LAMBDA',
  secretsmanager: 'SECRETS_MANAGER',
  sns: 'SNS',
} as const;

const shared = poster();

/** How patiently a service is asked, and where: by default as this function's environment says. */
export interface AwsOptions {
  readonly maxAttempts?: number;
  /** Milliseconds for an answer to begin, and again for it to end. */
  readonly answerMs?: number;
  readonly environment?: NodeJS.ProcessEnv;
  readonly post?: Post;
}

/**
 * Posts a request and resolves to the answer's text. Rejects with the connection's error, or with one whose name is AWS's
 * code, such as `ResourceNotFoundException`.
 */
export type AwsService = (request: AwsRequest, abortSignal?: AbortSignal) => Promise<string>;

/**
 * A service of AWS, asked with as little as a cold start can do with (docs/decisions/8-requests-to-aws.md). Without limits,
 * what never answers is waited for until the function is killed. The services answer within milliseconds; with three
 * attempts, an outage is known after five seconds.
 */
export function awsService(
  name: keyof typeof ENDPOINT_VARIABLES,
  options: AwsOptions = {},
): AwsService {
  const { maxAttempts = 3, answerMs = 1_500, environment = process.env } = options;
  const post = options.post ?? shared;
  const region = required(environment, 'AWS_REGION');
  const url = new URL(
    environment[`AWS_ENDPOINT_URL_${ENDPOINT_VARIABLES[name]}`] ??
      environment.AWS_ENDPOINT_URL ??
      `https://${name}.${region}.${partition(region).dnsSuffix}`,
  );
  // Loaded now: Lambda gives the init phase more of the processor than the first invocation.
  if (url.protocol === 'https:') https();
  const sign = signer(name, region, environment);
  let repeat: Repeat | undefined;

  return async (request, abortSignal) => {
    const send = () => attempt(request, abortSignal);
    try {
      return await send();
    } catch (error) {
      repeat ??= (await import('./aws-retries.ts')).repeater(maxAttempts);
      return await repeat(error, send);
    }
  };

  async function attempt({ path, headers, body }: AwsRequest, abortSignal?: AbortSignal) {
    const signed = sign({ path, headers: { ...headers, host: url.host }, body }, new Date());
    const limits = { answerMs, ...(abortSignal && { abortSignal }) };
    const reply = await post(
      { url: new URL(path, url), headers: { ...signed, ...traceOf(environment) }, body },
      limits,
    );
    if (reply.statusCode < 300) return reply.text;
    const data = refusalIn(reply.text);
    const refusal = new Error(String(data.message ?? data.Message ?? `HTTP ${reply.statusCode}`));
    refusal.name = loadRestJsonErrorCode(reply, data) ?? 'UnknownError';
    throw Object.assign(refusal, { $metadata: { httpStatusCode: reply.statusCode } });
  }
}

/** Of SNS in XML; a balancer's page tells no more than its status. */
function refusalIn(text: string): Readonly<Record<string, unknown>> {
  return objectIn(text) ?? { code: textIn(text, 'Code'), message: textIn(text, 'Message') };
}

/** The JSON object that a text is; undefined when it is anything else. */
export function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** The first element of this name in an XML document that has text only. */
export function textIn(xml: string, element: string): string | undefined {
  return new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml)?.[1];
}

/** So X-Ray sees one trace, and Lambda a loop of functions (Lambda Developer Guide, "recursive loop detection"). */
function traceOf({ _X_AMZN_TRACE_ID: trace }: NodeJS.ProcessEnv) {
  return trace ? { 'x-amzn-trace-id': trace } : {};
}
