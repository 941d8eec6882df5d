import { expect, test } from 'vitest';
import { remedyFor } from '../../../lambda/api/remedy.ts';

test.each([
  [301, '', 'The server answered with a redirect, which would turn the request into another one.'],
  [307, '', 'The server answered with a redirect, which would turn the request into another one.'],
  [400, 'scenarioIds: Unknown field.', 'The server does not know the fields of the request.'],
  [
    400,
    'Scenarios incomplete',
    'A scenario of the run test is incomplete: it has no rows yet, or is still being generated.',
  ],
  [400, 'At least one scenario is required', 'The run test has none of the selected scenarios.'],
  [400, 'No scenarios found for this test', 'The run test has none of the selected scenarios.'],
  [400, 'Test is not ready to run', 'The run test’s configuration is not complete.'],
  [
    400,
    'simulator_id: Must be a valid UUID.',
    'The server found a fault in the request or in the run test.',
  ],
  [
    401,
    'Invalid token.',
    'The key is invalid, or it is of the kind that this server does not take.',
  ],
  [
    402,
    'Voice simulation is not available',
    'Voice simulations are not in this workspace’s plan or deployment.',
  ],
  [402, '', 'The workspace’s plan does not include these calls.'],
  [403, 'Upgrade your plan', 'The workspace’s plan does not allow this.'],
  [
    403,
    'You do not have permission to perform this action.',
    'The key’s user may read the workspace but not start anything in it.',
  ],
  [404, 'Organization not found for the user.', 'The key’s user belongs to no organization.'],
  [
    404,
    'Run test not found',
    'The run test was deleted, or belongs to another workspace than the key.',
  ],
  [
    404,
    'no readable message',
    'The path does not exist on this server: it is not the Future AGI API, or only a part of it.',
  ],
  [405, '', 'The server does not take execute requests at this address.'],
  [429, 'Slow down', 'The server takes no more requests for the time being.'],
  [500, '', 'The server failed, or the proxy in front of it.'],
  [502, 'no readable message', 'The server failed, or the proxy in front of it.'],
  [415, '', 'The server does not take execute requests at this address.'],
])('%i "%s" has a cause and a remedy', (status, words, cause) => {
  const found = remedyFor(status, words);
  expect(found.cause).toBe(cause);
  expect(found.remedy).toMatch(/^[A-Z].*\.$/);
});
