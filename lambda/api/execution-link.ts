const APP = 'https://app.futureagi.com';

/** The execution's page for a person; undefined where the API is not Future AGI's own, whose pages are elsewhere. */
export function executionLink(
  apiBaseUrl: string,
  runTestId: string | undefined,
  executionId: string | undefined,
): string | undefined {
  const isHosted = new URL(apiBaseUrl).hostname.endsWith('.futureagi.com');
  if (!isHosted || runTestId === undefined || executionId === undefined) return undefined;
  return `${APP}/dashboard/simulate/test/${runTestId}/${executionId}`;
}
