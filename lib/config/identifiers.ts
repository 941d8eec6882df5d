import * as z from 'zod';
import { UUID } from '../../lambda/firing/selection.ts';
import type { Report } from './problem.ts';

/** Reads a UUID; the API answers 404 to one with capitals, so they are lowered. */
export function readUuid(text: string, report: Report): string | undefined {
  if (UUID.test(text)) return text.toLowerCase();
  report(
    `"${text}" is not a UUID; allowed: 8-4-4-4-12 hexadecimal digits, such as 3c90c3cc-0d44-4b50-8888-8dd25736052a`,
  );
  return undefined;
}

/** Longest name that leaves room for stage and number in a schedule's name of 64 characters. */
const NAME_LENGTH = 40;
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** Reads a trigger's name: part of a URL, of a schedule's name and of firing ids. */
export function readTriggerName(text: string, report: Report): string | undefined {
  if (NAME.test(text) && text.length <= NAME_LENGTH && !(text in Object.prototype)) return text;
  const why = text in Object.prototype ? ' (a word that JavaScript keeps for itself)' : '';
  report(
    `"${text}" cannot be the name of a trigger${why}; allowed: 1-${NAME_LENGTH} lower-case letters, digits and single dashes, beginning with a letter`,
  );
  return undefined;
}

const SECRET_NAME = /^[A-Za-z0-9/_+=.@-]{1,480}$/;
const SECRET_ARN =
  /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@-]+-[A-Za-z0-9]{6}$/;

/** Reads where a secret is kept: a Secrets Manager name or a full ARN, never the secret itself. */
export function readSecret(text: string, report: Report): string | undefined {
  if (/^whsec_/.test(text))
    report(
      'is a secret itself; write the name under which Secrets Manager keeps it, and change this secret, since files are copied',
    );
  else if (/^arn:/.test(text)) {
    if (SECRET_ARN.test(text)) return text;
    report(
      `"${text}" is not the full ARN of a secret; allowed: arn:aws:secretsmanager:<region>:<account>:secret:<name>-<6 characters>`,
    );
  } else if (SECRET_NAME.test(text)) return text;
  else
    report(
      `"${text}" is not a Secrets Manager name; allowed: 1-480 letters, digits and / _ + = . @ -, or a full ARN`,
    );
  return undefined;
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** Reads the API's address: https, or http to this machine. The slash at its end is dropped. */
export function readBaseUrl(text: string, report: Report): string | undefined {
  const url = URL.parse(text);
  if (!url || !/^https?:\/\//.test(text))
    report(`"${text}" is not an address; write it as https://api.futureagi.com`);
  else if (url.username !== '' || url.password !== '')
    report('must not contain credentials; the key belongs into the secret');
  else if (/[?#]/.test(text))
    report(`"${text}" must not contain ? or #; write only scheme, host and path`);
  else if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname)) {
    report(
      `"${text}" would send the key unencrypted; use https (http is allowed to this machine only: localhost, 127.0.0.1, [::1])`,
    );
  } else return url.href.replace(/\/+$/, '');
  return undefined;
}

const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/;

/** Reads the name of an HTTP header, in lower case as API Gateway passes it on. */
export function readHeaderName(text: string, report: Report): string | undefined {
  if (HEADER_NAME.test(text)) return text.toLowerCase();
  report(`"${text}" is not the name of a header; write it as X-Signature`);
  return undefined;
}

const NAME_AT_API_LENGTH = 255;

/** Reads the name of a run test or scenario, exactly as Future AGI shows it. */
export function readApiName(text: string, report: Report): string | undefined {
  if (text.trim() === text && text !== '' && text.length <= NAME_AT_API_LENGTH) return text;
  report(
    `"${text}" cannot be a name at the API; allowed: 1-${NAME_AT_API_LENGTH} characters without white space at either end`,
  );
  return undefined;
}

/** Reads an e-mail address, in lower case: the same address twice is found. */
export function readEmail(text: string, report: Report): string | undefined {
  if (z.regexes.email.test(text)) return text.toLowerCase();
  report(`"${text}" is not an e-mail address; write it as team@example.com`);
  return undefined;
}
