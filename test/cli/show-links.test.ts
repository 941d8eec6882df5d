import { expect, test } from 'vitest';
import { executionLink } from '../../lib/views/execution-link.ts';

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
  expect(executionLink(config, { runTestId: 'r', execution: { id: 'e', status: 'pending' } })).toBe(
    page,
  );
});
