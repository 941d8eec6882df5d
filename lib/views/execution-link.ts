import { executionPage } from '../../lambda/api/pages.ts';
import type { Firing } from '../../lambda/firing/firing.ts';
import type { Answers } from '../../lambda/trigger/handle-command.ts';

/** What is deployed tells where people look at executions. */
export type Dashboard = Pick<Answers['describe'], 'apiBaseUrl' | 'dashboardUrl'>;

/** The page of a firing's execution; undefined without one, and where nobody knows the server's dashboard. */
export function executionLink(
  { apiBaseUrl: baseUrl, dashboardUrl }: Dashboard,
  { runTestId, execution }: Pick<Firing, 'runTestId' | 'execution'>,
): string | undefined {
  const dashboard = { baseUrl, ...(dashboardUrl !== undefined && { dashboardUrl }) };
  return executionPage(dashboard, runTestId, execution?.id);
}
