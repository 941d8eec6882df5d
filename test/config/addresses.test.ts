import { expect, test } from 'vitest';
import { output, withLines } from './temporary-file.ts';

test.each(['https://user:s3cret@:bad:', 'https://user:s3 cret@example.com', 'user:s3cret@host'])(
  'the password in the address %s is not repeated',
  (baseUrl) => {
    const text = withLines().replace('secret: key', `secret: key, baseUrl: "${baseUrl}"`);
    expect(output(text)).toBe(
      'triggers.yaml:1:30 error api.baseUrl: must not contain credentials; keep the key in the secret\n\n1 error\n',
    );
  },
);
