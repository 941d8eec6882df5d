import { expect, test } from 'vitest';
import { executionPage } from '../../lambda/api/pages.ts';
import { dashboardOf } from '../../lib/views/dashboard.ts';

const DEPLOYED = {
  apiKeySecret: 'key',
  retentionDays: 90,
  hasDashboard: false,
  notify: [],
  repeatAfterMinutes: 720,
  timezone: 'UTC',
  triggers: {},
};

// the API's address, the dashboard of the file, and where the execution is
test.each([
  [
    'https://api-eu.futureagi.com',
    undefined,
    'https://eu.futureagi.com/dashboard/simulate/test/r/e',
  ],
  ['https://agi.example.com', undefined, undefined],
  [
    'https://agi.example.com',
    'https://qa.example.com',
    'https://qa.example.com/dashboard/simulate/test/r/e',
  ],
])('of an API at %s with the dashboard %s', (apiBaseUrl, dashboardUrl, page) => {
  const config = { ...DEPLOYED, apiBaseUrl, ...(dashboardUrl && { dashboardUrl }) };
  expect(executionPage(dashboardOf(config), 'r', 'e')).toBe(page);
});
