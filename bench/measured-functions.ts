import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { marshall } from '@aws-sdk/util-dynamodb';
import { build } from 'esbuild';
import { newFiring } from '../lambda/firing/new-firing.ts';
import { bundleFunction, type FunctionName } from '../lib/stack/function-bundle.ts';
import { SETTINGS } from '../test/support/config-of.ts';
import { NIGHTLY } from '../test/support/fixture.ts';
import { bundlePeer, PEER_ENVIRONMENT } from './typical-peer.ts';

/** A handler, with what it is invoked with and what its answer must contain. */
export interface Measured {
  readonly handler: string;
  readonly event: string;
  readonly expect: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** How a process is measured otherwise than usual. */
interface RunOptions {
  /** Further invocations. */
  readonly rounds?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Of Node. */
  readonly flags?: readonly string[];
}

/** Milliseconds of one process, and what it took besides. */
export interface Times {
  readonly init: number;
  readonly invocation: number;
  /** Of the processor, for both. */
  readonly cpu: number;
  readonly further: readonly number[];
  /** Of the processor, for all further ones. */
  readonly furtherCpu: number;
  /** Of the first invocation, as JSON. */
  readonly answer: string;
  /** Bytes, before the first invocation and at most during it. */
  readonly memory: { readonly before: number; readonly most: number };
}

/** Everything that is measured runs against services in a process of their own. */
export interface Bench {
  byHand(name: string): Promise<Measured>;
  peer(): Promise<Measured>;
  function(name: FunctionName, triggers?: number): Promise<Measured>;
  run(measured: Measured, options?: RunOptions): Promise<Times>;
  /** For `run`: the same services over TLS. */
  readonly overTls: { readonly env: Readonly<Record<string, string>> };
  stop(): void;
}

const at = new Date();
const FIRING = newFiring(
  { trigger: 'nightly', cause: { kind: 'command', requestId: 'r' }, at },
  NIGHTLY,
  at,
);
const SCHEDULED = {
  event: JSON.stringify({
    trigger: 'nightly',
    schedule: 'early-{round}',
    scheduledTime: '{second}',
  }),
  expect: 'e-1',
};
const NOTICE = {
  version: 1,
  id: 'f/failed',
  kind: 'failed',
  severity: 'error',
  trigger: 'nightly',
  firing: FIRING.id,
  time: at.toISOString(),
  reasons: ['One call failed.'],
  repeated: false,
};

const EVENTS: Readonly<Record<FunctionName, Omit<Measured, 'handler'>>> = {
  trigger: SCHEDULED,
  webhook: {
    event: JSON.stringify({
      headers: {
        authorization: 'Bearer benchKey0123456789abcdefghij',
        'idempotency-key': 'delivery-{round}',
      },
      body: '{}',
      isBase64Encoded: false,
      pathParameters: { trigger: 'nightly' },
      rawPath: '/hooks/nightly',
      requestContext: { domainName: 'hooks.example.com' },
    }),
    expect: '"statusCode":202',
  },
  starter: {
    event: JSON.stringify({ firing: FIRING.id, revision: FIRING.revision }),
    expect: '',
  },
  sweep: { event: '{}', expect: 'advanced' },
  notify: { event: JSON.stringify({ detail: NOTICE }), expect: '' },
};

export async function openBench(): Promise<Bench> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-'));
  const certificate = certificateIn(directory);
  const services = fork(join(import.meta.dirname, 'services.ts'), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      ...process.env,
      ...certificate,
      FIRING: JSON.stringify(marshall(FIRING, { removeUndefinedValues: true })),
    },
  });
  const [{ http, https }] = await once(services, 'message');
  const invoke = await bundled('invoke', directory);
  return {
    async byHand(name) {
      return { handler: await bundled(name, directory), ...SCHEDULED };
    },
    async peer() {
      const path = join(directory, 'peer');
      mkdirSync(path);
      return { handler: await bundlePeer(path), env: PEER_ENVIRONMENT, ...SCHEDULED };
    },
    overTls: { env: { ...endpointsAt(https), NODE_EXTRA_CA_CERTS: certificate.CERTIFICATE } },
    async function(name, triggers = 10) {
      const path = join(directory, `${name}-${triggers}`);
      mkdirSync(path);
      bundleFunction(name, path, configWith(triggers));
      return { handler: join(path, 'handler.mjs'), ...EVENTS[name] };
    },
    async run({ handler, event, expect, env: own }, { rounds = 0, env, flags = [] } = {}) {
      const child = fork(invoke, {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        execArgv: [...flags],
        env: {
          PATH: process.env.PATH,
          HANDLER: handler,
          EVENT: event,
          EXPECT: expect,
          ROUNDS: String(rounds),
          ...ENVIRONMENT,
          ...endpointsAt(http),
          ...own,
          ...env,
        },
      });
      const [message] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
      if (typeof message !== 'object') throw new Error(`${handler} ended with ${message}`);
      return message;
    },
    stop() {
      services.kill();
      rmSync(directory, { recursive: true });
    },
  };
}

/** Of what a bundle's directory holds besides its configuration. */
export function kilobytesOf({ handler }: Measured): number {
  const path = join(handler, '..');
  const files = readdirSync(path).filter((file) => /\.[cm]js$/.test(file));
  return files.reduce((sum, file) => sum + statSync(join(path, file)).size, 0) / 1000;
}

async function bundled(name: string, directory: string): Promise<string> {
  const folder = join(directory, name);
  const outfile = join(folder, 'handler.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, `${name}.ts`)],
    outfile,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    // What the SDK needs where it comes as CommonJS.
    banner: {
      js: "import { createRequire } from 'node:module';const require=createRequire(import.meta.url);",
    },
  });
  return outfile;
}

function configWith(count: number) {
  const trigger = {
    ...NIGHTLY,
    overlap: 'skip',
    webhook: { verify: 'bearer', secret: 'hooks/nightly' },
  } as const;
  const names = ['nightly', ...Array.from({ length: count - 1 }, (_, index) => `other-${index}`)];
  return {
    ...SETTINGS,
    notify: ['failed'] as const,
    triggers: Object.fromEntries(names.map((name) => [name, trigger])),
  };
}

const ENVIRONMENT = {
  LEDGER_TABLE: 'ledger',
  STARTER_FUNCTION: 'starter',
  SWEEP_FUNCTION: 'sweep',
  EVENT_BUS: 'bus',
  TOPIC_ARN: 'arn:aws:sns:eu-central-1:123456789012:topic',
  SERVICE: 'run-test-trigger',
  TIMEZONE: 'Europe/Berlin',
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'id',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_SESSION_TOKEN: 'token',
};

function endpointsAt(url: string) {
  return { API_BASE_URL: url, AWS_ENDPOINT_URL: url };
}

/** A new key and its certificate for 127.0.0.1, which openssl makes. */
function certificateIn(directory: string) {
  const [KEY, CERTIFICATE] = [join(directory, 'key.pem'), join(directory, 'certificate.pem')];
  const wanted = '-x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=bench';
  const name = ['-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync(
    'openssl',
    ['req', ...wanted.split(' '), ...name, '-keyout', KEY, '-out', CERTIFICATE],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  return { KEY, CERTIFICATE };
}
