/**
 * Where a reader of an alarm finds the runbook: in the project's repository, as GitHub and GitLab show files. Without one, the
 * path in the project.
 * @param repository its address in a browser.
 */
export function runbookOf(repository: string | undefined): string {
  if (repository === undefined) return 'docs/runbook.md';
  const separator = new URL(repository).hostname.includes('gitlab') ? '/-/blob' : '/blob';
  return `${repository}${separator}/HEAD/docs/runbook.md`;
}
