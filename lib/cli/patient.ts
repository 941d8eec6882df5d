import type { DeployedConfig } from '../../lambda/config/deployed-config.ts';
import type { Patient } from '../doctor/diagnose.ts';
import { chooseApi } from '../local/services/api-target.ts';
import { deployedConfig } from '../stack/deployed-config.ts';
import type { Target } from '../target/target.ts';
import { connect } from './connect.ts';
import type { Session } from './program.ts';
import { readTriggersFile } from './triggers-file.ts';

const LIMITS = { connectMs: 5_000, totalMs: 15_000 };

/** What is examined, and where it is deployed; without a target, only the triggers file and the key are there. */
export interface Examined {
  readonly patient: Patient;
  readonly target?: Target;
}

/** The triggers file with the key in FI_API_KEY where there is one, else what is deployed, with its own key. */
export async function findPatient(session: Session): Promise<Examined> {
  const { environment } = session.io;
  return environment.FI_API_KEY ? { patient: filePatient(session) } : deployedPatient(session);
}

/** The triggers in the file, whatever is deployed, with the same key. */
export async function findFilePatient(session: Session): Promise<Patient> {
  const { patient, target } = await findPatient(session);
  if (!target) return patient;
  const { triggers } = deployedConfig(readTriggersFile(session), session.options().stage);
  return { ...patient, config: { ...patient.config, triggers } };
}

function filePatient(session: Session): Patient {
  const file = readTriggersFile(session);
  const config = deployedConfig(file, session.options().stage);
  const api = chooseApi(session.io.environment, {
    apiBaseUrl: file.api.baseUrl,
    triggers: config.triggers,
  });
  if (api.kind === 'stand-in') throw new Error('FI_API_KEY is set, but no API was chosen');
  session.io.stderr.write(`→ ${session.options().triggers}, with FI_API_KEY at ${api.baseUrl}\n`);
  return { baseUrl: api.baseUrl, secretValue: api.secretValue, config, limits: LIMITS };
}

async function deployedPatient(session: Session): Promise<Examined> {
  const target = await connect(session);
  const { give } = await import('../target/invoke.ts');
  const { getSecret } = await import('../target/secret.ts');
  const { apiBaseUrl, ...config } = await give<'describe'>(target, { command: 'describe' });
  const secretValue = (await getSecret(target, config.apiKeySecret)) ?? '';
  return { target, patient: patientOf(config, apiBaseUrl, secretValue) };
}

function patientOf(config: DeployedConfig, baseUrl: string, secretValue: string): Patient {
  return { baseUrl, secretValue, config, limits: LIMITS };
}
