import { devNull } from 'node:os';
import { inject } from 'vitest';

/** What Node, vitest and the properties need. Every other variable is the user's: tests and their processes see none. */
const NEEDED =
  /^(PATH|TMPDIR|TEMP|TMP|SystemRoot|NODE_ENV|NODE_V8_COVERAGE|NODE_COMPILE_CACHE|VITEST.*|FC_.*)$/i;

for (const name of Object.keys(process.env)) {
  if (!NEEDED.test(name)) delete process.env[name];
}
// The files of a user's home: .aws, .cdk.json, .gitconfig.
process.env.HOME = inject('home');
process.env.AWS_CONFIG_FILE = devNull;
process.env.AWS_SHARED_CREDENTIALS_FILE = devNull;
