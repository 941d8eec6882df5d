/**
 * Stands in for the SDK's credential provider chain in the bundles (an alias in lib/stack/function-bundle.ts).
 * Lambda always passes its role's credentials in the environment, so the chain's SSO, INI, process and
 * metadata providers would be a fifth of the bundle and never run.
 */
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
