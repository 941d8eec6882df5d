import fc from 'fast-check';
import { expect, test } from 'vitest';
import { receive } from '../../../lambda/webhook/receive.ts';
import { runs } from '../../support/runs.ts';
import type { Event, Sender } from '../../support/senders.ts';
import {
  api,
  beginAnew,
  choosing,
  core,
  DEPLOYED,
  PROOFS,
  right,
  to,
  withHeaders,
} from './hostile-request.ts';

beginAnew();

const sender = fc.constantFrom<Sender>('nightly', 'github', 'gitlab', 'bearer', 'hmac');

/** Any code points; the unit `binary` of fast-check has the same, and takes a second to be made. */
const codePoint = fc.nat(0x10_ff_ff).map((point) => String.fromCodePoint(point));
const anyText = fc.oneof(
  fc.string({ maxLength: 40, unit: 'grapheme' }),
  fc.string({ maxLength: 40, unit: codePoint }),
);

const noise = fc.oneof(anyText, fc.constantFrom('', ',', 'v1,', '\0', '__proto__', 'sha256='));

const SIGNED: readonly Sender[] = ['nightly', 'github', 'hmac'];

const mutated = fc
  .tuple(
    sender,
    fc.constantFrom('proof', 'splice', 'body', 'trigger'),
    noise,
    fc.nat(80),
    fc.dictionary(fc.string({ maxLength: 20 }), noise),
    fc.boolean(),
  )
  .map(([from, kind, text, position, extra, base64]): Event => {
    const event = right(from);
    const name = PROOFS[from];
    const proof = event.headers[name] ?? '';
    const keep = Object.fromEntries(
      Object.entries(extra).filter(([key]) => !(key.toLowerCase() in event.headers)),
    );
    const noisy = { ...event, headers: { ...keep, ...event.headers } };
    if (kind === 'proof') return withHeaders(noisy, { [name]: text });
    if (kind === 'splice')
      return withHeaders(noisy, { [name]: proof.slice(0, position % proof.length) });
    if (kind === 'trigger') return to(noisy, `${text}x`);
    if (!SIGNED.includes(from)) return withHeaders(noisy, { [name]: `${text}${proof}${text}.` });
    return { ...noisy, body: `${text}x${event.body}`, isBase64Encoded: base64 };
  });

test(
  'mutated requests start nothing, never throw and are all answered 401',
  async () => {
    await fc.assert(
      fc.asyncProperty(mutated, async (event) => {
        expect((await receive(event, DEPLOYED, core)).statusCode).toBe(401);
      }),
      { numRuns: runs(300) },
    );
    expect(api.posts).toEqual([]);
  },
  runs(60_000),
);

test(
  'any body of a verified sender is answered below 500',
  async () => {
    const body = fc.oneof(
      fc.json(),
      anyText,
      fc.json().map((text) => `{"scenarioIds":${text}}`),
    );
    const type = fc.constantFrom(
      'application/json',
      'text/plain',
      'application/x-www-form-urlencoded',
      '',
    );
    await fc.assert(
      fc.asyncProperty(body, type, fc.string(), async (text, contentType, key) => {
        const event = choosing(text, { 'content-type': contentType, 'idempotency-key': key });
        expect((await receive(event, DEPLOYED, core)).statusCode).toBeLessThan(500);
      }),
      { numRuns: runs(60) },
    );
    const sent = api.posts.map(({ body: sentBody }) => sentBody);
    expect(sent.filter((text) => text !== '{"selectAll":true,"scenarioIds":[]}')).toEqual([]);
  },
  runs(60_000),
);
