import * as z from 'zod';
import { didYouMean } from '../../lambda/api/did-you-mean.ts';
import { readFieldPath, readHeaderName } from './identifiers.ts';
import { always, each, type Found, leaf, optional } from './leaf.ts';

/** The name of an HTTP header, read into lower case. */
export const header = leaf(readHeaderName);
const prefix = z.string().max(64);
const field = leaf(readFieldPath);

const separator = optional(
  z.enum([',', ';', ' ', 'none']),
  'What separates the entries of the header. none: the header is one. Absent: a comma.',
);

const format = optional(
  z.enum(['seconds', 'milliseconds', 'iso']),
  'How the time is written: since 1970, or 2026-11-24T02:00:00Z. Absent: seconds.',
);

/** Of a sender that cannot write it elsewhere. */
export const idHeader = optional(
  header,
  "The header with the delivery's id, the same when a delivery is repeated.",
);

/** The same, in the body. */
export const idField = optional(
  field,
  "The path in the body of the delivery's id: id, data.id. Without idHeader and idField, equal bodies are one delivery.",
);

const timestamp = optional(
  z
    .strictObject({
      header: optional(header, 'The header with the time of signing.'),
      field: optional(
        field,
        'The path in the body of the time, instead of a header: webhookTimestamp.',
      ),
      prefix: optional(prefix, 'The text before the time in the header: t=.'),
      format,
    })
    .superRefine(each(timeFaults), always)
    .transform(({ header, field, prefix = '', ...rest }) =>
      header === undefined ? { field: field ?? '', ...rest } : { header, prefix, ...rest },
    ),
  'Where the time of signing is, which must be within five minutes of now.',
);

function timeFaults(written: object): Found[] {
  const found = (key: string, message: string) => [{ path: [key], message }];
  if (!('header' in written || 'field' in written))
    return found('header', 'is missing; write the header with the time, or its field in the body');
  if (!('field' in written)) return [];
  if ('header' in written) return found('field', 'is written beside header; write one of the two');
  return 'prefix' in written ? found('prefix', 'is for a header; remove it beside field') : [];
}

/** The keys of `verify: hmac`, for a sender that no other `verify` knows. */
export const hmacShape = {
  signature: z
    .strictObject({
      header: header.describe('The header with the signature.'),
      prefix: prefix.default('').describe('The text before the signature: sha256=, v1=, v0=.'),
      encoding: z.enum(['hex', 'base64', 'base64url']).describe('How the signature is written.'),
      algorithm: z
        .enum(['sha1', 'sha256', 'sha512'])
        .default('sha256')
        .describe('The hash function of the HMAC.'),
      separator,
    })
    .describe('Where the signature is.'),
  timestamp,
  signed: optional(
    z.string().max(200),
    'What is signed: {body} once, beside it {timestamp}, {id} (of idHeader) and {url} (the address of the webhook). Default: {body}, or {timestamp}.{body} where a header has the time.',
  ),
  key: optional(
    z.enum(['text', 'base64', 'hex']),
    'How the secret writes the key: as its text (default), or as its base64 or hex.',
  ),
  idHeader,
  idField,
};

type Scheme = z.output<z.ZodObject<typeof hmacShape>>;

/** Whether a header has the time, and not the body. */
export function isTimeInHeader(timestamp: Scheme['timestamp'] | undefined): boolean {
  return timestamp !== undefined && 'header' in timestamp;
}

/** Prefixes that can be at no entry: entries are trimmed and then looked for by their prefix. */
export function prefixFaults({ signature, timestamp }: Scheme): Found[] {
  const { separator: between = ',' } = signature;
  const prefixes = [
    { key: 'signature', prefix: signature.prefix },
    { key: 'timestamp', prefix: timestamp && 'prefix' in timestamp ? timestamp.prefix : '' },
  ];
  return prefixes.flatMap(({ key, prefix: text }) => {
    const found = (message: string) => [{ path: [key, 'prefix'], message }];
    if (between !== 'none' && text.includes(between)) {
      return found(
        `has "${between}", which separates the entries of the header; write another separator in signature, or none`,
      );
    }
    return /^\s/.test(text)
      ? found('begins with white space, which is removed before an entry is read; remove it')
      : [];
  });
}

const PLACEHOLDERS = ['{body}', '{timestamp}', '{id}', '{url}'];

/** Empty where `signed` is right or absent. Names one unknown placeholder at a time. Pure. */
export function signedFaults(written: Scheme): Found[] {
  const { signed, idHeader: id } = written;
  if (signed === undefined) return [];
  const found = (message: string) => [{ path: ['signed'], message }];
  const used: string[] = signed.match(/\{[^{}]*\}/g) ?? [];
  const unknown = used.find((name) => !PLACEHOLDERS.includes(name));
  if (unknown !== undefined) {
    return found(
      `has ${unknown}${didYouMean(unknown, PLACEHOLDERS) || `; allowed: ${PLACEHOLDERS.join(', ')}`}`,
    );
  }
  if (used.filter((name) => name === '{body}').length !== 1) return found('must have {body} once');
  if (used.includes('{id}') && id === undefined)
    return found('has {id}, but the key idHeader is missing');
  return timeSignedFaults(written, used.includes('{timestamp}')).flatMap(found);
}

function timeSignedFaults({ timestamp }: Scheme, isSigned: boolean): string[] {
  if (isTimeInHeader(timestamp) && !isSigned)
    return ['does not have {timestamp}; a time that is not signed proves nothing'];
  if (isTimeInHeader(timestamp) || !isSigned) return [];
  return timestamp
    ? ['has {timestamp}, but the time is in the body, which is signed with it; remove it']
    : ['has {timestamp}, but the key timestamp is missing'];
}
