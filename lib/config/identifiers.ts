import * as z from 'zod';
import { UUID } from '../../lambda/firing/selection.ts';
import type { Report } from './problem.ts';

/** Reads a text of one form; of any other, reports what is wrong with it. */
function reader(form: RegExp, wrong: string, toValue = (text: string) => text) {
  return (text: string, report: Report) =>
    form.test(text) ? toValue(text) : void report(`"${text}" ${wrong}`);
}

const lower = (text: string) => text.toLowerCase();

/** The API answers 404 to an id with capitals, so they are lowered. */
export const readUuid = reader(
  UUID,
  'is not a UUID; allowed: 8-4-4-4-12 hexadecimal digits, such as 3c90c3cc-0d44-4b50-8888-8dd25736052a',
  lower,
);

/** At most 40 characters: that leaves room for a dot and 23 more in EventBridge's name of 64 for a schedule. */
const TRIGGER_NAME = /^(?=.{1,40}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** A trigger's name is part of a URL, of a schedule's name and of firing ids. */
export function readTriggerName(text: string, report: Report): string | undefined {
  const isReserved = text in Object.prototype;
  if (TRIGGER_NAME.test(text) && !isReserved) return text;
  return report(
    `"${text}" cannot be the name of a trigger${isReserved ? ' (JavaScript reserves this word)' : ''}; allowed: 1-40 lower-case letters, digits and single dashes, beginning with a letter`,
  );
}

/** The name of a schedule is part of EventBridge's name for it, after the trigger's, and of firing ids. */
export const readScheduleName = reader(
  /^(?=.{1,23}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
  'cannot be the name of a schedule; allowed: 1-23 lower-case letters, digits and single dashes, beginning with a letter',
);

const readSecretArn = reader(
  /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@-]+-[A-Za-z0-9]{6}$/,
  'is not the full ARN of a secret; allowed: arn:aws:secretsmanager:<region>:<account>:secret:<name>-<6 characters>',
);
const readSecretName = reader(
  /^[A-Za-z0-9/_+=.@-]{1,480}$/,
  'is not a Secrets Manager name; allowed: 1-480 letters, digits and / _ + = . @ -, or a full ARN',
);

/** How the keys of well-known services begin. */
const KEY_PREFIX = /^(whsec_|[sprw]k[-_]|gh[opsu]_|glpat-|github_pat_|xox[a-z]-|AKIA|Bearer )/;
const RANDOM = /[A-Za-z0-9+]{32,}/g;
const UUID_INSIDE = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;

/** Whether a text looks like a key and not like a name: a known prefix, or 32 characters at random. */
function isKeyItself(text: string): boolean {
  const isRandom = (run: string) => /(\D*\d){4}/.test(run) && /([^a-z]*[a-z]){4}/i.test(run);
  return (
    KEY_PREFIX.test(text) || UUID_INSIDE.test(text) || (text.match(RANDOM) ?? []).some(isRandom)
  );
}

/** Reads where a secret is kept: a Secrets Manager name or a full ARN, never the secret itself. */
export function readSecret(text: string, report: Report): string | undefined {
  if (text.startsWith('arn:')) return readSecretArn(text, report);
  if (!isKeyItself(text)) return readSecretName(text, report);
  return report(
    'is a secret itself; write its name in Secrets Manager here, and replace the secret: everybody who reads this file knows it',
  );
}

/** Reads the name or ARN of a DynamoDB table as its name. */
export const readTable = reader(
  /^(arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:\d{12}:table\/)?[A-Za-z0-9_.-]{3,255}$/,
  'is not a DynamoDB table; write its name, or its ARN: arn:aws:dynamodb:<region>:<account>:table/<name>',
  (text) => text.replace(/^.*\//, ''),
);

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** Reads the API's address: https, or http to this machine. Slashes at its end are dropped. */
export function readBaseUrl(text: string, report: Report): string | undefined {
  const url = URL.parse(text);
  if (text.includes('@')) report('must not contain credentials; keep the key in the secret');
  else if (!url || !/^https?:\/\//.test(text))
    report(`"${text}" is not an address; write it as https://api.futureagi.com`);
  else if (/[?#]/.test(text)) report('must not contain ? or #; write only scheme, host and path');
  else if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname)) {
    report(
      `"${text}" would send the key unencrypted; use https (http only to this machine: localhost, 127.0.0.1, [::1])`,
    );
  } else return url.href.replace(/\/+$/, '');
  return undefined;
}

/** The name of an HTTP header, in lower case as API Gateway passes it on. */
export const readHeaderName = reader(
  /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/,
  'is not the name of a header; write it as X-Signature',
  lower,
);

/** Where a text or number is in a JSON body. */
export const readFieldPath = reader(
  /^(?=.{1,128}$)[^.\s]+(\.[^.\s]+)*$/,
  'is not the path of a field; write it as id or data.id',
);

/** The name of an event bus, not its ARN: rules are on buses of their own account and region. */
export const readBus = reader(
  /^[A-Za-z0-9._/-]{1,256}$/,
  'is not the name of an event bus; write default, or a name such as orders or aws.partner/example.com/1',
);

/** The name of a run test or scenario, exactly as Future AGI shows it. */
export const readApiName = reader(
  /^(?!\s).{1,255}(?<!\s)$/s,
  'cannot be a name at the API; allowed: 1-255 characters without white space at either end',
);

/** In lower case, so that the same address twice is found. */
export const readEmail = reader(
  z.regexes.email,
  'is not an e-mail address; write it as team@example.com',
  lower,
);

/** Reads the ARN of a KMS key. An alias does not do: a policy names the key itself. */
export const readKeyArn = reader(
  /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/,
  'is not the ARN of a KMS key; write it as arn:aws:kms:<region>:<account>:key/<id>',
);

const readTopicArn = reader(
  /^arn:aws(-cn|-us-gov)?:sns:[a-z]+(-[a-z]+)+-\d:\d{12}:[A-Za-z0-9_-]{1,256}$/,
  'is not the ARN of a topic; write it as arn:aws:sns:<region>:<account>:<name>',
);

/** Reads the ARN of a topic that can have an HTTPS subscription. */
export function readTopic(text: string, report: Report): string | undefined {
  if (!text.endsWith('.fifo')) return readTopicArn(text, report);
  return report(`"${text}" is a FIFO topic, which cannot deliver to HTTPS; use a standard topic`);
}

/** Reads where the runbook can be read, without a section. */
export const readRunbookUrl = reader(
  /^https:\/\/[^\s#]+$/,
  'is not the address of a page; write it as https://wiki.example.com/runbook, without #',
);
