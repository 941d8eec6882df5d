import type { DeployedConfig } from '../../../lambda/config/deployed-config.ts';
import { readBaseUrl } from '../../config/identifiers.ts';
import { InputError } from '../../input-error.ts';

/** What the local run fires at: only `real` costs money. */
export type ApiTarget =
  | { readonly kind: 'stand-in' }
  | {
      readonly kind: 'real';
      /** Without a trailing slash. */
      readonly baseUrl: string;
      /** The API key's secret as the functions read it; in memory only. */
      readonly secretValue: string;
    };

/** Of triggers files that are only tried out. */
export const EXAMPLE_RUN_TEST = '3c90c3cc-0d44-4b50-8888-8dd25736052a';
/** The run tests of the repository's triggers.yaml: they exist in no account. */
const EXAMPLE_RUN_TESTS = new Set([EXAMPLE_RUN_TEST, '8f14e45f-ceea-467f-a0e6-2d7d1a9c1b54']);

/** How a person replaces the key of a local run that has it from the environment. */
export const START_AGAIN = 'start the local run again with another FI_API_KEY';

/**
 * Chooses the API by FI_API_KEY, FI_SECRET_KEY and FI_BASE_URL. Throws InputError when they cannot be used, and
 * when a key would be spent on the example's run tests.
 */
export function chooseApi(
  environment: Readonly<Record<string, string | undefined>>,
  { apiBaseUrl, triggers }: { apiBaseUrl: string; triggers: DeployedConfig['triggers'] },
): ApiTarget {
  const { FI_API_KEY: apiKey, FI_SECRET_KEY: secretKey, FI_BASE_URL: baseUrl } = environment;
  if (apiKey === '') throw new InputError(EMPTY_KEY);
  if (apiKey === undefined) {
    if (secretKey)
      throw new InputError('FI_SECRET_KEY is set without FI_API_KEY: set both or none');
    return { kind: 'stand-in' };
  }
  checkKey('FI_API_KEY', apiKey);
  if (secretKey) checkKey('FI_SECRET_KEY', secretKey);
  refuseExamples(triggers);
  return {
    kind: 'real',
    baseUrl: (baseUrl && readBaseUrl(baseUrl, refuseBaseUrl)) || apiBaseUrl,
    secretValue: secretKey ? JSON.stringify({ apiKey, secretKey }) : apiKey,
  };
}

const EMPTY_KEY =
  'FI_API_KEY is set but empty, as a secret that a CI job may not read is: give it its value, or unset it to use the built-in stand-in';

function checkKey(name: string, value: string): void {
  if (/^[\x21-\x7e]+$/.test(value)) return;
  throw new InputError(`${name} contains white space or characters that no HTTP header can carry`);
}

function refuseBaseUrl(fault: string): never {
  throw new InputError(`FI_BASE_URL ${fault}`);
}

function refuseExamples(triggers: DeployedConfig['triggers']): void {
  const examples = Object.entries(triggers).filter(([, { runTestId = '' }]) =>
    EXAMPLE_RUN_TESTS.has(runTestId),
  );
  if (examples.length === 0) return;
  const places = examples.map(([name]) => `triggers.${name}.runTestId`).join(' and ');
  throw new InputError(
    `FI_API_KEY is set, so executions would be real, but the run tests are the example's: put your own run test's id at ${places}, or unset FI_API_KEY to use the stand-in`,
  );
}
