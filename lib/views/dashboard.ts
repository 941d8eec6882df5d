import type { Dashboard } from '../../lambda/api/pages.ts';
import type { Answers } from '../../lambda/trigger/handle-command.ts';

/** Where people of this deployment look at their executions. */
export function dashboardOf({
  apiBaseUrl,
  dashboardUrl,
}: Pick<Answers['describe'], 'apiBaseUrl' | 'dashboardUrl'>): Dashboard {
  return { baseUrl: apiBaseUrl, ...(dashboardUrl !== undefined && { dashboardUrl }) };
}
