/**
 * Stands in for the SDK's credential provider chain in the bundles (lib/stack/function-bundle.ts). Lambda passes its
 * role's credentials in the environment, so the chain's SSO, INI, process and metadata providers would never run: they
 * are 132 of 492 kB of the trigger function's bundle (npm run bench).
 */
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
