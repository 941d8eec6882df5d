import type { DeployedConfig } from '../../lambda/config/deployed-config.ts';
import type { Setup } from '../doctor/diagnose.ts';
import { chooseApi, START_AGAIN } from '../local/services/api-target.ts';
import { deployedConfig } from '../stack/deployed-config.ts';
import { sendCommand } from '../target/invoke.ts';
import { getSecret } from '../target/secret.ts';
import type { Target } from '../target/target.ts';
import { connect } from './connect.ts';
import type { Session } from './program.ts';
import { readTriggersFile } from './triggers-file.ts';

/** Of each request to the API. */
export const API_LIMITS = { connectMs: 5_000, totalMs: 15_000 };

/** How a person replaces the key that was in the environment. */
export const SET_VARIABLE = 'Set FI_API_KEY to a valid key, with FI_SECRET_KEY where it is a pair.';

/** What is checked, and where it is deployed; without a target, there are only the triggers file and the key. */
export interface FoundSetup {
  readonly setup: Setup;
  readonly deployed?: { readonly target: Target; readonly config: DeployedConfig };
}

/** The triggers file with the key in FI_API_KEY where there is one, else what is deployed, with its own key. */
export async function findSetup(session: Session): Promise<FoundSetup> {
  const { environment } = session.io;
  return environment.FI_API_KEY
    ? { setup: fileSetup(session) }
    : setupOf(await connect(session), session);
}

/** The triggers in the file, whatever is deployed, with the same key. */
export async function findFileSetup(session: Session): Promise<Setup> {
  const { setup, deployed } = await findSetup(session);
  if (!deployed) return setup;
  const { triggers } = deployedConfig(readTriggersFile(session), session.options().stage);
  return { ...setup, config: { ...setup.config, triggers } };
}

function fileSetup(session: Session): Setup {
  const file = readTriggersFile(session);
  const config = deployedConfig(file, session.options().stage);
  const { triggers } = config;
  const api = chooseApi(session.io.environment, { apiBaseUrl: file.api.baseUrl, triggers });
  if (api.kind === 'stand-in') throw new Error('FI_API_KEY is set, but no API was chosen');
  const { baseUrl, secretValue } = api;
  session.io.stderr.write(`→ ${session.options().triggers}, with FI_API_KEY at ${baseUrl}\n`);
  return { baseUrl, secretValue, config, limits: API_LIMITS, setKey: SET_VARIABLE };
}

/** Whether it is a local run that has its API key from FI_API_KEY. */
export function hasKeyOfVariable({ kind, isStandIn }: Target): boolean {
  return kind === 'local' && !isStandIn;
}

/** What is deployed there, with its own key. */
export async function setupOf(target: Target, session: Session): Promise<Required<FoundSetup>> {
  const { apiBaseUrl: baseUrl, ...config } = await sendCommand(target, { command: 'describe' });
  const secretValue = (await getSecret(target, config.apiKeySecret)) ?? '';
  const set = hasKeyOfVariable(target)
    ? START_AGAIN
    : session.typed(`secret set ${config.apiKeySecret}`);
  const setKey = `Set a valid one: ${set}`;
  return {
    deployed: { target, config },
    setup: { baseUrl, secretValue, config, limits: API_LIMITS, setKey },
  };
}
