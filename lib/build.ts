import { execFileSync } from 'node:child_process';
import manifest from '../package.json' with { type: 'json' };

/**
 * Which build this is: `0.1.0+1a2b3c4d5e6f`, version and commit, with `-dirty` behind it where a tracked file is
 * changed, or `0.1.0+unknown` outside a git checkout.
 */
export function currentBuild(directory = import.meta.dirname): string {
  return `${manifest.version}+${commitIn(directory)}`;
}

function commitIn(directory: string): string {
  try {
    const describe = ['describe', '--always', '--dirty', '--abbrev=12', '--exclude=*'];
    return execFileSync('git', describe, {
      cwd: directory,
      stdio: 'pipe',
      encoding: 'utf8',
    }).trim();
  } catch {
    // No git, or no checkout: the version alone must do.
    return 'unknown';
  }
}
