import { createHmac, hash } from 'node:crypto';
import { required } from './environment.ts';

/** A POST without a query. */
export interface AwsRequest {
  /** Encoded for a URL. */
  readonly path: string;
  /** Names are lower case, in any order; what is signed has `host`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

type Sign = (request: AwsRequest, now: Date) => Record<string, string>;

/**
 * Signs with the credentials of this environment: AWS Signature Version 4 (IAM User Guide, "Create a signed AWS API request").
 * Throws where a credential is missing.
 */
export function signer(service: string, region: string, environment: NodeJS.ProcessEnv): Sign {
  let last = { day: '', secret: '', key: Buffer.alloc(0) };
  /** The key is the same for a day. */
  const keyOf = (day: string) => {
    const secret = required(environment, 'AWS_SECRET_ACCESS_KEY');
    if (last.day === day && last.secret === secret) return last.key;
    const dated = hmac(`AWS4${secret}`, day).digest();
    const key = [region, service, 'aws4_request'].reduce(
      (from, text) => hmac(from, text).digest(),
      dated,
    );
    last = { day, secret, key };
    return key;
  };
  return ({ path, headers, body }, now) => {
    const time = now.toISOString().replace(/[-:]|\.\d+/g, '');
    const day = time.slice(0, 8);
    const { AWS_SESSION_TOKEN: token } = environment;
    const signed: Record<string, string> = {
      ...headers,
      'x-amz-date': time,
      ...(token && { 'x-amz-security-token': token }),
    };
    const sorted = Object.keys(signed).sort();
    const names = sorted.join(';');
    const lines = sorted.map((name) => `${name}:${signed[name]}\n`).join('');
    const encoded = path.replaceAll('%', '%25');
    const canonical = `POST\n${encoded}\n\n${lines}\n${names}\n${hash('sha256', body)}`;
    const scope = `${day}/${region}/${service}/aws4_request`;
    const text = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${hash('sha256', canonical)}`;
    const signature = hmac(keyOf(day), text).digest('hex');
    const credential = `${required(environment, 'AWS_ACCESS_KEY_ID')}/${scope}`;
    const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`;
    return { ...signed, authorization };
  };
}

function hmac(key: string | Buffer, text: string) {
  return createHmac('sha256', key).update(text);
}
