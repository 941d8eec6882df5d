import type { Typed } from '../input-error.ts';

/** What a person can do about an error of AWS; undefined where the error is none. */
export function awsFault(error: unknown, typed: Typed): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name, message } = error;
  if (message === 'Region is missing')
    return 'No AWS region is known: name --region, or set AWS_REGION';
  const code = codeOf(error);
  if (code === 'ERR_INVALID_URL') return BAD_ENDPOINT;
  if (UNREACHABLE.has(code)) return `The service cannot be reached (${message}): try again`;
  if (BROKEN.has(code))
    return `The service did not answer (${message}), but may have done it. Look with: ${typed('history')}`;
  if (name === 'ValidationError') return `${message}: ${NO_STACK} (${typed('deploy')})`;
  const remedy = Object.entries(REMEDIES).find(([names]) => names.split(' ').includes(name))?.[1];
  if (remedy !== undefined) return `${message}: ${remedy}`;
  return '$fault' in error ? `${name}: ${message}` : undefined;
}

/** Whether no connection was made, so that nothing was done. */
export function isUnreachable(error: unknown): boolean {
  return UNREACHABLE.has(codeOf(error));
}

/** Whether the connection broke: what was asked for may have been done. */
export function isBroken(error: unknown): boolean {
  return BROKEN.has(codeOf(error));
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** The value may hold a password. */
const BAD_ENDPOINT =
  'AWS cannot be reached: AWS_ENDPOINT_URL, one of its kind or endpoint_url of the profile is not a URL such as http://127.0.0.1:4566';

const UNREACHABLE = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);
/** The request may have arrived. */
const BROKEN = new Set(['ECONNRESET', 'ETIMEDOUT', 'EPIPE']);

const NO_STACK =
  'name the stack with --stack or --stage and where it is with --region or --profile, or deploy it';
const SIGN_IN =
  "name --profile, or sign in again (aws configure, or aws sso login of the AWS CLI's version 2)";
const PERMISSIONS = 'docs/cli.md lists the permissions that each command needs';

/** By the error's name; several services have several names for one thing. */
const REMEDIES: Readonly<Record<string, string>> = {
  'CredentialsProviderError ExpiredToken ExpiredTokenException': SIGN_IN,
  'InvalidClientTokenId UnrecognizedClientException InvalidSignatureException': SIGN_IN,
  'AccessDenied AccessDeniedException AuthorizationError': PERMISSIONS,
  TooManyRequestsException: 'the function is busy with other starts; try again',
};
