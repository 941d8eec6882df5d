import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../support/runs.ts';
import { load } from './temporary-file.ts';

const example = fileURLToPath(new URL('../fixtures/triggers.yaml', import.meta.url));

const lines = readFileSync(example, 'utf8').split('\n');

const snippet = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom(
    '*',
    '&a',
    '*a',
    '{',
    '[',
    '!!binary x',
    '? ',
    ': ',
    '- ',
    '\t',
    '"',
    "'",
    '|',
    '<<: 1',
    '---',
    '__proto__: 1',
    'null',
    '9e999',
    '%YAML 1.1',
  ),
);

const damage = fc.array(fc.tuple(fc.nat(lines.length), fc.nat(40), snippet), {
  minLength: 1,
  maxLength: 4,
});

test('a damaged file never throws and never loses its place', { timeout: runs(60_000) }, () => {
  fc.assert(
    fc.property(damage, (edits) => {
      const text = edits.reduce((all, [line, column, piece]) => {
        return all.with(
          Math.min(line, all.length - 1),
          `${(all[line] ?? '').slice(0, column)}${piece}${(all[line] ?? '').slice(column)}`,
        );
      }, lines);
      const result = load(text.join('\n'));
      for (const { line, column } of result.ok ? result.warnings : result.problems) {
        expect(line).toBeGreaterThan(0);
        expect(column).toBeGreaterThan(0);
      }
    }),
    { numRuns: runs(60) },
  );
});

/** A sound file that has every key. */
const COMPLETE = {
  api: { baseUrl: 'https://example.com', secret: 'key', dialect: 'current' },
  defaults: { timezone: 'Europe/Berlin' },
  reservedConcurrency: { trigger: 1, webhook: 'unreserved' },
  ledger: { retentionDays: 30 },
  triggers: {
    nightly: {
      description: 'Every night',
      runTestId: '3c90c3cc-0d44-4b50-8888-8dd25736052a',
      execute: {
        selectAll: false,
        scenarioIds: ['5b8a3f0e-6c1d-4a57-9e0b-7f2c4d1e9a33'],
        simulatorId: 'c9d1b6a2-0f4e-4c83-8b7a-1e5d3f6a2b90',
      },
      schedules: [
        { cron: '0 2 * * *', timezone: 'UTC', flexibleWindow: '5 minutes', enabled: true },
        { rate: '1 hour', start: '2027-01-01T00:00:00', end: '2027-02-01T00:00:00Z' },
        { at: '2027-03-28T02:30:00', timezone: 'UTC' },
      ],
      webhook: {
        verify: 'hmac',
        secret: 'hook',
        when: 'body.ref',
        allow: ['scenarioIds'],
        coalesce: '1 minute',
        signature: { header: 'X-Signature', prefix: 'v1=', encoding: 'hex', algorithm: 'sha1' },
        timestamp: { header: 'X-Time', prefix: 't=' },
        signed: '{timestamp}.{body}',
        idField: 'id',
      },
      startDeadline: '1 hour',
      onUnknown: 'resend',
      unknownGrace: '20 minutes',
      onMismatch: 'cancel',
    },
    named: { runTest: 'Checkout', execute: { selectAll: false, scenarios: ['Happy path'] } },
  },
};

function placesIn(value: unknown): string[][] {
  return Object.entries(Object(value)).flatMap(([key, part]) => [
    [key],
    ...(typeof part === 'object' ? placesIn(part).map((rest) => [key, ...rest]) : []),
  ]);
}

function withValue(value: unknown, [key, ...rest]: readonly string[], part: unknown): unknown {
  if (key === undefined || typeof value !== 'object' || value === null) return part;
  if (Array.isArray(value)) {
    return value.map((item, index) => (String(index) === key ? withValue(item, rest, part) : item));
  }
  return {
    ...value,
    [key]: withValue(Object.entries(value).find(([k]) => k === key)?.[1], rest, part),
  };
}

const anyValue = fc.oneof(
  fc.constantFrom(null, '', 5, -1, true, 'Foo', [], [null], {}, { length: 0 }),
  fc.jsonValue({ maxDepth: 2 }),
);

const edits = fc.array(fc.tuple(fc.constantFrom(...placesIn(COMPLETE)), anyValue), {
  minLength: 1,
  maxLength: 3,
});

test('values of any type in any place never throw', { timeout: runs(60_000) }, () => {
  expect(load(JSON.stringify(COMPLETE))).toMatchObject({ ok: true, warnings: [{}] });
  fc.assert(
    fc.property(edits, (places) => {
      const file = places.reduce<unknown>(
        (whole, [place, value]) => withValue(whole, place, value),
        COMPLETE,
      );
      load(JSON.stringify(file));
    }),
    { numRuns: runs(40) },
  );
});
