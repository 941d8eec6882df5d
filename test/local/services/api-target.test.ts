import { expect, test } from 'vitest';
import { chooseApi } from '../../../lib/local/services/api-target.ts';

const trigger = (runTestId: string) => ({
  runTestId,
  execute: { selectAll: true, scenarioIds: [] },
  schedules: [],
  startDeadlineMinutes: 15,
  onUnknown: 'hold' as const,
  unknownGraceMinutes: 10,
  follow: true,
  maxDurationMinutes: 360,
  missedAfterMinutes: 10,
  overlap: 'allow' as const,
  pauseAfterRejected: 5,
});
const own = {
  apiBaseUrl: 'https://api.futureagi.com',
  triggers: { nightly: trigger('11111111-2222-4333-8444-555555555555') },
};

test.each([
  { environment: {}, target: { kind: 'stand-in' } },
  { environment: { FI_BASE_URL: 'https://other.example' }, target: { kind: 'stand-in' } },
  {
    environment: { FI_API_KEY: 'key' },
    target: { kind: 'real', baseUrl: 'https://api.futureagi.com', secretValue: 'key' },
  },
  {
    environment: { FI_API_KEY: 'key', FI_SECRET_KEY: 'other', FI_BASE_URL: 'http://[::1]:9/x/' },
    target: {
      kind: 'real',
      baseUrl: 'http://[::1]:9/x',
      secretValue: '{"apiKey":"key","secretKey":"other"}',
    },
  },
])('$environment chooses $target.kind', ({ environment, target }) => {
  expect(chooseApi(environment, own)).toEqual(target);
});

test.each([
  [{ FI_SECRET_KEY: 'x' }, 'FI_SECRET_KEY is set without FI_API_KEY: set both or none'],
  [{ FI_API_KEY: '' }, 'FI_API_KEY is set but empty, as a secret that a CI job may not read is'],
  [{ FI_API_KEY: 'a b' }, 'FI_API_KEY contains white space or characters that no HTTP header can'],
  [
    { FI_API_KEY: 'key', FI_BASE_URL: 'http://api.example' },
    'FI_BASE_URL "http://api.example" would send the key unencrypted; use https',
  ],
  [
    { FI_API_KEY: 'key', FI_BASE_URL: 'api.example' },
    'FI_BASE_URL "api.example" is not an address; write it as https://api.futureagi.com',
  ],
])('%o is refused', (environment, message) => {
  expect(() => chooseApi(environment, own)).toThrow(message);
});

test("a key is not spent on the example's run tests", () => {
  const triggers = { 'nightly-regression': trigger('3c90c3cc-0d44-4b50-8888-8dd25736052a') };
  expect(() => chooseApi({ FI_API_KEY: 'key' }, { ...own, triggers })).toThrow(
    "FI_API_KEY is set, so executions would be real, but the run tests are the example's: put your own run test's id at triggers.nightly-regression.runTestId, or unset FI_API_KEY to use the stand-in",
  );
});
