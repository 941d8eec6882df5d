import { expect, test } from 'vitest';
import { parseApiKey } from '../../../lambda/api/api-key.ts';

const PAIR = '{"apiKey":"a","secretKey":"s"}';

test.each([
  ['fi-123', undefined, { dialect: 'documented', apiKey: 'fi-123' }],
  ['{"apiKey":"fi-123"}', undefined, { dialect: 'documented', apiKey: 'fi-123' }],
  [PAIR, undefined, { dialect: 'current', apiKey: 'a', secretKey: 's' }],
  [PAIR, 'current', { dialect: 'current', apiKey: 'a', secretKey: 's' }],
  [PAIR, 'key-pair', { dialect: 'key-pair', apiKey: 'a', secretKey: 's' }],
  [PAIR, 'documented', { dialect: 'documented', apiKey: 'a' }],
] as const)('%s with api.dialect %s is a key', (text, dialect, key) => {
  expect(parseApiKey(text, 'api-key', dialect)).toEqual(key);
});

test.each(['key-pair', 'current'] as const)('a single key cannot speak %s', (dialect) => {
  expect(() => parseApiKey('fi-123', 'api-key', dialect)).toThrow(
    `Secret api-key is a single key, but api.dialect ${dialect} needs a pair: set it to {"apiKey":"…","secretKey":"…"}`,
  );
});

test.each([
  '{"apiKey":""}',
  '{"secretKey":"s"}',
  '{"apiKey":"a","other":"b"}',
  '{"apiKey":1}',
  '{not json',
  'two words',
  'line\nbreak',
  'ключ',
])('%j is refused without being repeated', (text) => {
  expect(() => parseApiKey(text, 'api-key')).toThrow(
    'Secret api-key is not an API key: set it to the plain key, {"apiKey":"…"} or {"apiKey":"…","secretKey":"…"}',
  );
});
