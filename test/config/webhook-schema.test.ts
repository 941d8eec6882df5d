import { expect, test } from 'vitest';
import { load, output, withLines } from './temporary-file.ts';

/** A sound file whose webhook, on line 6, is this. */
function withWebhook(webhook: string): string {
  return withLines().replace(/webhook: .*/, `webhook: { secret: hook, ${webhook} }`);
}

const SIGNATURE = 'verify: hmac, signature: { header: X-Signature, encoding: hex }';

test.each<[string, string, object]>([
  ['a kind alone', 'verify: github', { verify: 'github' }],
  [
    'every setting',
    'verify: gitlab, when: body.ref, allow: [scenarioIds, selectAll], coalesce: 2 minutes',
    { verify: 'gitlab', when: 'body.ref', allow: ['scenarioIds', 'selectAll'], coalesceMinutes: 2 },
  ],
  [
    'a scheme without a time',
    SIGNATURE,
    {
      verify: 'hmac',
      signature: { header: 'x-signature', prefix: '', encoding: 'hex', algorithm: 'sha256' },
      signed: '{body}',
    },
  ],
  [
    'a scheme with a time',
    `${SIGNATURE}, timestamp: { header: X-Time }, idHeader: X-Id`,
    {
      verify: 'hmac',
      signature: { header: 'x-signature', prefix: '', encoding: 'hex', algorithm: 'sha256' },
      timestamp: { header: 'x-time', prefix: '' },
      signed: '{timestamp}.{body}',
      idHeader: 'x-id',
    },
  ],
  [
    'everything that a scheme can say',
    'verify: hmac, signature: { header: X-Sig, encoding: base64url, separator: " ", prefix: "v1," }, timestamp: { field: meta.at, format: iso }, key: hex, idField: data.id',
    {
      verify: 'hmac',
      signature: {
        header: 'x-sig',
        prefix: 'v1,',
        encoding: 'base64url',
        algorithm: 'sha256',
        separator: ' ',
      },
      timestamp: { field: 'meta.at', format: 'iso' },
      signed: '{body}',
      key: 'hex',
      idField: 'data.id',
    },
  ],
  [
    'a sender by name',
    "verify: zoom, when: body.event == 'meeting.ended'",
    {
      verify: 'hmac',
      when: "body.event == 'meeting.ended'",
      signature: { header: 'x-zm-signature', prefix: 'v0=', encoding: 'hex', algorithm: 'sha256' },
      timestamp: { header: 'x-zm-request-timestamp', prefix: '' },
      signed: 'v0:{timestamp}:{body}',
    },
  ],
  [
    'a token in a header of its own',
    'verify: bearer, header: X-Buildkite-Token, idField: build.id',
    { verify: 'bearer', header: 'x-buildkite-token', idField: 'build.id' },
  ],
])('%s comes out in normal form', (_, webhook, expected) => {
  const result = load(withWebhook(webhook));
  expect(result.ok && result.config.triggers.nightly?.webhook).toEqual({
    secret: 'hook',
    ...expected,
  });
});

const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:releases';

/** The same with a topic in the place of the secret. */
function withTopic(settings: string): string {
  return withLines().replace(/webhook: .*/, `webhook: { verify: sns, ${settings} }`);
}

test('a topic takes the place of the secret', () => {
  const result = load(withTopic(`topic: "${TOPIC}"`));
  expect(result.ok && result.config.triggers.nightly?.webhook).toEqual({
    verify: 'sns',
    topic: TOPIC,
  });
});

test.each([
  ['when: body.ref', 'topic: is missing; it must be text'],
  [
    `topic: "${TOPIC}", secret: hook`,
    'secret: is not a known key; allowed: verify, topic, when, allow, coalesce',
  ],
  [
    `topic: "${TOPIC}.fifo"`,
    `topic: "${TOPIC}.fifo" is a FIFO topic, which cannot deliver to HTTPS; use a standard topic`,
  ],
  [
    'topic: releases',
    'topic: "releases" is not the ARN of a topic; write it as arn:aws:sns:<region>:<account>:<name>',
  ],
])('the topic with %s is an error', (settings, expected) => {
  expect(output(withTopic(settings))).toContain(`triggers.nightly.webhook.${expected}\n`);
});

test.each([
  [
    'an unknown kind',
    'verify: githib',
    'triggers.yaml:6:38 error triggers.nightly.webhook.verify: "githib" is not allowed - did you mean "github"?',
  ],
  [
    'no kind',
    'when: body.ref',
    'triggers.yaml:6:5 error triggers.nightly.webhook.verify: is missing; allowed: standard-webhooks, github, gitlab, bearer, hmac, stripe, slack, vercel, linear, retell, workos, paddle, shopify, twitch, zoom, sns',
  ],
  [
    'a key of another kind',
    'verify: github, idField: id',
    'triggers.yaml:6:46 error triggers.nightly.webhook.idField: is not a known key; allowed: verify, secret, when, allow, coalesce, commitStatus',
  ],
  [
    'hmac without a signature',
    'verify: hmac',
    'triggers.yaml:6:5 error triggers.nightly.webhook.signature: is missing; it must be a map of keys and values',
  ],
  [
    'a choice that there is not',
    'verify: github, allow: [runTestId]',
    'triggers.yaml:6:54 error triggers.nightly.webhook.allow[0]: "runTestId" is not allowed; allowed: selectAll, scenarioIds, simulatorId',
  ],
  [
    'a day too long',
    'verify: github, coalesce: 2 days',
    'triggers.yaml:6:56 error triggers.nightly.webhook.coalesce: "2 days" is out of range; allowed: 1 minute to 1 day',
  ],
  [
    'a time that is not signed',
    `${SIGNATURE}, timestamp: { header: X-Time }, signed: "{body}"`,
    'error triggers.nightly.webhook.signed: does not have {timestamp}; a time that is not signed proves nothing',
  ],
  [
    'a signed time that stands nowhere',
    `${SIGNATURE}, signed: "{timestamp}.{body}"`,
    'error triggers.nightly.webhook.signed: has {timestamp}, but the key timestamp is missing',
  ],
  [
    'a signed text with the body twice',
    `${SIGNATURE}, signed: "{body}.{body}"`,
    'error triggers.nightly.webhook.signed: must have {body} once',
  ],
  [
    'an unknown placeholder',
    `${SIGNATURE}, signed: "{timestmp}.{body}"`,
    'error triggers.nightly.webhook.signed: has {timestmp} - did you mean "{timestamp}"?',
  ],
  [
    'a signed id that stands nowhere',
    `${SIGNATURE}, signed: "{id}{body}"`,
    'error triggers.nightly.webhook.signed: has {id}, but the key idHeader is missing',
  ],
  [
    'a time in the body that is signed beside it',
    `${SIGNATURE}, timestamp: { field: at }, signed: "{timestamp}{body}"`,
    'error triggers.nightly.webhook.signed: has {timestamp}, but the time is in the body, which is signed with it; remove it',
  ],
  [
    'a time in a header and in the body',
    `${SIGNATURE}, timestamp: { header: X-Time, field: at }`,
    'triggers.yaml:6:131 error triggers.nightly.webhook.timestamp.field: is written beside header; write one of the two',
  ],
  [
    'a time nowhere',
    `${SIGNATURE}, timestamp: { format: iso }`,
    'error triggers.nightly.webhook.timestamp.header: is missing; write the header with the time, or its field in the body',
  ],
  [
    'a prefix that the header is split at',
    'verify: hmac, signature: { header: X-Signature, encoding: hex, prefix: "v1," }',
    'triggers.yaml:6:101 error triggers.nightly.webhook.signature.prefix: has ",", which separates the entries of the header; write another separator in signature, or none',
  ],
  [
    'a prefix that begins with a space',
    'verify: hmac, signature: { header: X-Signature, encoding: hex, prefix: " v1=" }',
    'error triggers.nightly.webhook.signature.prefix: begins with white space, which is removed before an entry is read; remove it',
  ],
  [
    'a path with a gap',
    `${SIGNATURE}, idField: data..id`,
    'error triggers.nightly.webhook.idField: "data..id" is not the path of a field; write it as id or data.id',
  ],
  [
    'a key of a preset',
    'verify: stripe, signed: "{body}"',
    'triggers.yaml:6:46 error triggers.nightly.webhook.signed: is not a known key; allowed: verify, secret, when, allow, coalesce',
  ],
  [
    'a signed text that is none',
    `${SIGNATURE}, signed: 5`,
    'error triggers.nightly.webhook.signed: must be text, not the number 5',
  ],
  [
    'two places of the id',
    `${SIGNATURE}, idHeader: X-Id, idField: id`,
    'error triggers.nightly.webhook.idField: is written beside idHeader; write one of the two',
  ],
  [
    'a header with a colon',
    'verify: hmac, signature: { header: "X-Signature:", encoding: hex }',
    'error triggers.nightly.webhook.signature.header: "X-Signature:" is not the name of a header; write it as X-Signature',
  ],
])('%s is an error', (_, webhook, expected) => {
  expect(output(withWebhook(webhook))).toContain(`${expected}\n`);
});

test('a ledger that forgets within a week is an error with a webhook only', () => {
  const forgetful = (text: string) => `ledger: { retentionDays: 6 }\n${text}`;
  expect(output(forgetful(withLines()))).toBe(
    'triggers.yaml:1:26 error ledger.retentionDays: is too short for triggers with a webhook: a repeated delivery would start a second execution; allowed: at least 7\n\n1 error\n',
  );
  expect(load(forgetful(withLines().replace(/ {4}webhook.*\n/, ''))).ok).toBe(true);
});
