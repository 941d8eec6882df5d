import { execFileSync } from 'node:child_process';
import manifest from '../package.json' with { type: 'json' };
import { packaged } from './packaged.ts';

/**
 * Which build this is: `0.1.0+1a2b3c4d5e6f`, version and commit, with `-dirty` behind it where a tracked file is
 * changed, or `0.1.0+unknown` outside a git checkout.
 */
export function currentBuild(directory = import.meta.dirname): string {
  const describe = ['describe', '--always', '--dirty', '--abbrev=12', '--exclude=*'];
  return packaged?.build ?? `${manifest.version}+${git(directory, ...describe) ?? 'unknown'}`;
}

/**
 * The address of the project's remote `origin` in a browser, however it was cloned, and without a password; undefined
 * where there is none that can be read.
 */
export function remoteUrl(directory = import.meta.dirname): string | undefined {
  if (packaged) return packaged.remote;
  const [, host, path] = REMOTE.exec(git(directory, 'remote', 'get-url', 'origin') ?? '') ?? [];
  return host === undefined ? undefined : `https://${host}/${path}`;
}

/** A remote as git writes it: `git@host:owner/repo.git` or `https://user@host/owner/repo.git`. */
const REMOTE =
  /^(?:git@|ssh:\/\/git@|https:\/\/(?:[^@/]*@)?)([^:/@]+)[:/]([\w./-]+?)(?:\.git)?\/?$/;

/** What git answers; undefined where it has no answer, or is missing. */
function git(directory: string, ...args: readonly string[]): string | undefined {
  try {
    return execFileSync('git', args, { cwd: directory, stdio: 'pipe', encoding: 'utf8' }).trim();
  } catch {
    // No git, no checkout or no remote: the caller does without.
    return undefined;
  }
}
