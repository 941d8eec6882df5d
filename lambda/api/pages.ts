import type { Api } from './api.ts';

/** Where people look at what the API has: that of `baseUrl`, or a server's own. */
export type Dashboard = Pick<Api, 'baseUrl' | 'dashboardUrl'>;

/** The dashboard of Future AGI's own servers; those of other regions are at `us.` and `eu.`. */
const REGIONS: Readonly<Record<string, string>> = {
  'api.futureagi.com': 'https://app.futureagi.com',
  'api-us.futureagi.com': 'https://us.futureagi.com',
  'api-eu.futureagi.com': 'https://eu.futureagi.com',
};

/** The run test's page for a person; undefined where nobody has told where the server's dashboard is. */
export function runTestPage(dashboard: Dashboard, runTestId: string | undefined) {
  const { baseUrl, dashboardUrl = REGIONS[new URL(baseUrl).hostname] } = dashboard;
  if (dashboardUrl === undefined || runTestId === undefined) return undefined;
  return `${dashboardUrl}/dashboard/simulate/test/${encodeURIComponent(runTestId)}`;
}

/** The execution's page for a person, likewise. */
export function executionPage(
  dashboard: Dashboard,
  runTestId: string | undefined,
  executionId: string | undefined,
) {
  const page = runTestPage(dashboard, runTestId);
  if (page === undefined || executionId === undefined) return undefined;
  return `${page}/${encodeURIComponent(executionId)}`;
}
