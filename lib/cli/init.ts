import { existsSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Command } from '@commander-js/extra-typings';
import { parseApiKey } from '../../lambda/api/api-key.ts';
import type { Dialect } from '../../lambda/api/dialect.ts';
import type { ApiAccess } from '../../lambda/api/future-agi.ts';
import { findScenarios, type Lookup, listRunTests } from '../../lambda/api/lookup.ts';
import { count } from '../count.ts';
import { diagnose } from '../doctor/diagnose.ts';
import { InputError } from '../input-error.ts';
import { chooseApi, EXAMPLE_RUN_TEST } from '../local/services/api-target.ts';
import { NoTargetError } from '../target/choose-target.ts';
import type { Target } from '../target/target.ts';
import { askStarter } from './ask-starter.ts';
import { connect } from './connect.ts';
import { answerDone, type Session } from './program.ts';
import { API_LIMITS, SET_VARIABLE, setupOf } from './setup.ts';
import {
  channelSecret,
  type FoundRunTest,
  type StarterChannel,
  starterFile,
} from './starter-file.ts';
import { ownZone } from './text.ts';

const EXAMPLES = `
The run tests are those that the key in FI_API_KEY sees (with FI_SECRET_KEY for
a pair, FI_BASE_URL for another server) or, without it, those of the stand-in or
of the deployed service; without any of these, an example's. At a terminal it
asks which of them to use, when, in which time zone, how often a day at most,
and whom to tell (by e-mail, Slack, Teams, PagerDuty or a webhook). Otherwise no
trigger in the file fires by itself: schedules and webhooks are comments.

Examples:
  FI_API_KEY=… rtt init
  FI_API_KEY=… FI_SECRET_KEY=… FI_BASE_URL=https://agi.example.com rtt init
  rtt init --triggers triggers.staging.yaml
`;

const HOSTED = 'https://api.futureagi.com';

/**
 * Writes the triggers file and nothing else, with 50 run tests at most. Exit code 2 where it exists, unless `--force`.
 * `--json` asks nothing and prints `{ file, runTests }`.
 */
export function command(session: Session) {
  return new Command('init')
    .description('Writes a commented triggers file with a trigger for each of your run tests.')
    .option('--force', 'overwrite the file')
    .option('--all', 'ask nothing: a trigger for each run test, fired by hand only')
    .addHelpText('after', EXAMPLES)
    .action(async ({ force, all }) => {
      const { triggers: file, json } = session.options();
      if (!force && existsSync(file)) {
        throw new InputError(
          `${file} exists already: name another with --triggers, or overwrite it with --force`,
        );
      }
      const { server, runTests } = await findRunTests(session);
      const { stdin, stdout } = session.io;
      const isAsked = stdin.isTTY && stdout.isTTY && !json && !all;
      const wishes = isAsked
        ? await askStarter(runTests, ownZone(), session.io)
        : { runTests, timezone: ownZone(), channels: [] };
      writeFileSync(file, starterFile({ ...server, ...wishes, schema: schemaFrom(file) }));
      const written = { file, runTests: wishes.runTests.map(({ id, name }) => ({ id, name })) };
      const triggers = count(wishes.runTests.length, 'trigger');
      const next = isAsked ? session.typed('validate') : 'choose when they fire';
      answerDone(session, written, `${file} has ${triggers}: ${next}`);
      // What a channel still needs.
      for (const channel of wishes.channels) {
        const setIt = session.typed(`secret set ${channelSecret(channel)}`);
        const secret = CHANNEL_SECRETS[channel.kind];
        stdout.write(`  ${secret}, once the service runs: ${setIt}\n`);
      }
    });
}

const CHANNEL_SECRETS: Readonly<Record<StarterChannel['kind'], string>> = {
  slack: 'URL of the incoming webhook of Slack',
  teams: 'URL of the workflow’s webhook in Teams',
  pagerduty: 'routing key of PagerDuty',
  webhook: 'signing key of the webhook (whsec_…)',
};

/** The stand-in's run test, which is never executed with a real key. */
const EXAMPLE: FoundRunTest = { id: EXAMPLE_RUN_TEST, name: 'Nightly regression', scenarios: [] };

async function findRunTests(session: Session) {
  const api = await findApi(session);
  if (!api) {
    session.io.stderr.write(
      'Nothing runs and FI_API_KEY is not set, so the run test is an example that only the stand-in knows\n',
    );
    return { server: { baseUrl: HOSTED }, runTests: [EXAMPLE] };
  }
  const dialect = await dialectOf(api);
  const runTests = await readRunTests(api, dialect);
  // The stand-in's address and dialect say nothing about the real server.
  const server = api.isStandIn ? { baseUrl: HOSTED } : { baseUrl: api.baseUrl, dialect };
  return { server, runTests };
}

const SCHEMA = createRequire(import.meta.url).resolve('run-test-trigger/triggers.schema.json');

/** Relative within the project, so that the file can be committed. */
function schemaFrom(file: string): string {
  const path = relative(dirname(resolve(file)), SCHEMA).replaceAll(sep, '/');
  const climbs = /^(\.\.\/)+(?!lib\/config\/)/.test(path);
  return climbs ? pathToFileURL(SCHEMA).href : path.startsWith('.') ? path : `./${path}`;
}

/** Undefined where there is nothing to ask. */
async function findApi(session: Session) {
  const api = chooseApi(session.io.environment, { apiBaseUrl: HOSTED, triggers: {} });
  if (api.kind === 'real') return { ...api, isStandIn: false };
  const target = await reachable(session);
  if (!target) return undefined;
  const { setup } = await setupOf(target, session);
  return { ...setup, isStandIn: target.isStandIn };
}

type Api = NonNullable<Awaited<ReturnType<typeof findApi>>>;

async function reachable(session: Session): Promise<Target | undefined> {
  try {
    return await connect(session);
  } catch (error) {
    if (!(error instanceof NoTargetError)) throw error;
    return undefined;
  }
}

/** Throws InputError when the server does not take the key. */
async function dialectOf({ baseUrl, secretValue }: Api): Promise<Dialect> {
  const config = { apiKeySecret: 'with the API key', triggers: {} };
  const { advised, problems } = await diagnose({
    baseUrl,
    secretValue,
    config,
    limits: API_LIMITS,
    setKey: SET_VARIABLE,
  });
  if (advised) return advised;
  throw new InputError(problems.join('\n'));
}

const MOST_RUN_TESTS = 50;

async function readRunTests({ baseUrl, secretValue }: Api, dialect: Dialect) {
  const key = parseApiKey(secretValue, 'with the API key', dialect);
  const access: ApiAccess = { baseUrl, key, limits: () => API_LIMITS };
  const runTests = found(await listRunTests(access)).slice(0, MOST_RUN_TESTS);
  if (runTests.length === 0) {
    throw new InputError('The key has access to no run test: create one in Future AGI first');
  }
  const withScenarios: FoundRunTest[] = [];
  for (const runTest of runTests) {
    const scenarios = found(await findScenarios(runTest.id, access));
    withScenarios.push({ ...runTest, scenarios: scenarios.map(({ name }) => name) });
  }
  return withScenarios;
}

function found<T>(lookup: Lookup<T>): T {
  if (lookup.kind === 'found') return lookup.value;
  throw new InputError(lookup.reason);
}
