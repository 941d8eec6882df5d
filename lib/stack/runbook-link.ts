/** A remote as git writes it: `git@host:owner/repo.git` or `https://user@host/owner/repo.git`. */
const REMOTE =
  /^(?:git@|ssh:\/\/git@|https:\/\/(?:[^@/]*@)?)([^:/@]+)[:/]([\w./-]+?)(?:\.git)?\/?$/;

/**
 * Where a reader of an alarm finds the runbook: at the host of the project's repository, as GitHub and GitLab show files. Without a
 * remote that can be read, the path in the project.
 */
export function runbookOf(remote: string | undefined): string {
  const [, host, path] = REMOTE.exec(remote ?? '') ?? [];
  if (host === undefined) return 'docs/runbook.md';
  const separator = host.includes('gitlab') ? '/-/blob' : '/blob';
  return `https://${host}/${path}${separator}/HEAD/docs/runbook.md`;
}
