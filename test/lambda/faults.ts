import { readFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import { createRequire } from 'node:module';
import { vi } from 'vitest';
import type { Clock } from '../support/clock.ts';
import { API_KEY, type Secrets } from '../support/fixture.ts';
import {
  json,
  type RemoteApi,
  startedBody,
  startRemoteApi,
  type Treatment,
  well,
} from '../support/remote-api.ts';

interface World {
  readonly api: RemoteApi;
  readonly clock: Clock;
  readonly secrets: Secrets;
  /** What this world's functions wait for less than others. */
  readonly limits: { connectMs?: number; listBeforeMs?: number };
}

/** Prepares a server so that it misbehaves; returns what to undo, if anything. */
export type Fault = (world: World) => undefined | Undo | Promise<undefined | Undo>;

type Undo = () => unknown;

export const HTML = '<!doctype html><title>502 Bad Gateway</title>';

/** Every execute request is treated this way. */
export const always =
  (treatment: Treatment): Fault =>
  ({ api }) => {
    api.treatment = treatment;
    return undefined;
  };

/** Every execute request is treated this way, which lets the time for it pass; no other time limit passes by itself. */
export const unanswered =
  (treatment: Treatment): Fault =>
  ({ api }) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    api.treatment = treatment;
    return () => void vi.useRealTimers();
  };

/** More than a POST may take. */
const TOO_LONG_MS = 60_000;

/** Only the first one is. */
export const once =
  (treatment: Treatment): Fault =>
  ({ api }) => {
    api.treatment = (exchange) => {
      api.treatment = well;
      treatment(exchange);
    };
    return undefined;
  };

export const answer =
  (status: number, body: unknown, headers = {}): Treatment =>
  ({ response }) =>
    typeof body === 'string'
      ? response.writeHead(status, headers).end(body)
      : json(response, status, body, headers);

/** The execution is created first, as the public server does it. */
export const creating =
  (treatment: Treatment): Treatment =>
  (exchange) => {
    const execution = exchange.create();
    treatment({ ...exchange, create: () => execution });
  };

export const reset: Treatment = ({ request }) => request.socket.resetAndDestroy();

export const hang: Treatment = () => void vi.advanceTimersByTime(TOO_LONG_MS);

export const trickle: Treatment = ({ response }) => {
  response.writeHead(200);
  const drip = setInterval(() => {
    response.write(' ');
    vi.advanceTimersByTime(TOO_LONG_MS / 10);
  }, 2);
  response.on('close', () => clearInterval(drip));
};

export const switchProtocols: Treatment = ({ request }) => {
  request.socket.write(
    'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n',
  );
};

export const truncated: Treatment = ({ response, create }) => {
  response.writeHead(200, { 'content-length': '9999' });
  response.write(JSON.stringify(startedBody(create())), () => response.destroy());
};

const SSL = createRequire(import.meta.url);

export const selfSigned: Fault = async ({ api, clock }) => {
  const [key, cert] = ['key', 'crt'].map((part) =>
    readFileSync(SSL.resolve(`dynalite/ssl/server-${part}.pem`)),
  );
  const tls = await startRemoteApi({
    now: clock.now,
    server: (listener) => createTlsServer({ key, cert }, listener),
  });
  api.url = tls.url.replace('http:', 'https:');
  return () => tls.stop();
};

export const rotatedMeanwhile: Fault = ({ api, secrets }) => {
  const rotated = secrets['api-key']?.replace(API_KEY, 'fi-key-new') ?? '';
  api.treatment = (exchange) => {
    const { authorization, 'x-api-key': apiKey } = exchange.post.headers;
    if ((authorization ?? `Bearer ${apiKey}`) === 'Bearer fi-key-new') return well(exchange);
    secrets['api-key'] = rotated;
    answer(401, { detail: 'Invalid token.' })(exchange);
  };
  return undefined;
};

export const refused: Fault = async ({ api }) => {
  await api.stop();
  return undefined;
};

/** Longer than a name's 63 characters: the resolver refuses it without asking anybody, so at once. */
const NO_NAME = 'x'.repeat(64);

export const unknownHost: Fault = ({ api }) => {
  api.url = `http://${NO_NAME}`;
  return undefined;
};

export const withList =
  (listStatus: number, treatment: Treatment): Fault =>
  ({ api }) => {
    Object.assign(api, { listStatus: () => listStatus, treatment });
    return undefined;
  };

/** A strict server's answer to every key of the body; of both spellings, it knows one. */
export const knowsNoField: Treatment = ({ response, post }) => {
  const names = Object.keys(JSON.parse(post.body));
  const isBoth = names.includes('selectAll') && names.includes('select_all');
  const unknown = isBoth ? ['selectAll', 'scenarioIds'] : names;
  const fields = unknown.map((field) => [field, ['Unknown field.']]);
  json(response, 400, { details: Object.fromEntries(fields) });
};
