import { basename, delimiter, dirname, relative } from 'node:path';
import { shellWord } from './text.ts';

/**
 * How a person calls the command line again where this process was started: what npm runs is on nobody else's path, and a
 * checkout's own script is in no package. Pure but for the working directory.
 * @param script as in process.argv, with links not resolved.
 */
export function calledAs(
  script: string,
  { npm_command, npm_lifecycle_event, PATH = '' }: Readonly<Record<string, string | undefined>>,
): string {
  if (npm_command === 'run-script' && npm_lifecycle_event === 'rtt') return 'npm run rtt --';
  if (npm_command ?? npm_lifecycle_event) return 'npx rtt';
  const name = basename(script);
  if (name === 'rtt' && PATH.split(delimiter).includes(dirname(script))) return 'rtt';
  const isCheckout = name === 'rtt.js' && !script.includes('node_modules');
  return isCheckout ? `node ${shellWord(relative('', script))}` : 'npx rtt';
}
