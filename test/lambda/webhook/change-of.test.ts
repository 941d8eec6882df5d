import { expect, test } from 'vitest';
import type { Json } from '../../../lambda/api/json.ts';
import { changeOf } from '../../../lambda/webhook/change-of.ts';

const SHA = '1481a2de7b2a7d02428ad93446ab166be7793fbb';
const ZEROS = '0'.repeat(40);
const REPOSITORY = { repository: { full_name: 'acme/agent' } };
const PROJECT = { project: { path_with_namespace: 'acme/voice/agent' } };

/** The event, the provider, its body, the commit and the number of the pull or merge request. */
const NAMED: readonly (readonly [string, 'github' | 'gitlab', Json, string, number | undefined])[] =
  [
    ['push', 'github', { ...REPOSITORY, after: SHA }, SHA, undefined],
    [
      'pull_request',
      'github',
      { ...REPOSITORY, after: ZEROS, pull_request: { number: 7, head: { sha: SHA } } },
      SHA,
      7,
    ],
    ['deployment_status', 'github', { ...REPOSITORY, deployment: { sha: SHA } }, SHA, undefined],
    [
      'workflow_run',
      'github',
      { ...REPOSITORY, workflow_run: { head_sha: SHA, pull_requests: [{ number: 8 }] } },
      SHA,
      8,
    ],
    ['check_suite', 'github', { ...REPOSITORY, check_suite: { head_sha: SHA } }, SHA, undefined],
    ['Push Hook', 'gitlab', { ...PROJECT, checkout_sha: SHA }, SHA, undefined],
    [
      'Merge Request Hook',
      'gitlab',
      { ...PROJECT, object_attributes: { iid: 9, last_commit: { id: SHA } } },
      SHA,
      9,
    ],
    [
      'Pipeline Hook',
      'gitlab',
      { ...PROJECT, object_attributes: { sha: SHA, iid: 3 }, merge_request: { iid: 10 } },
      SHA,
      10,
    ],
    [
      'Deployment Hook',
      'gitlab',
      { ...PROJECT, commit_url: `https://gitlab.example.com/acme/agent/-/commit/${SHA}` },
      SHA,
      undefined,
    ],
  ];

test.each(NAMED)('%s of %s names its commit', (_, provider, body, commit, pullRequest) => {
  const repository = provider === 'github' ? 'acme/agent' : 'acme/voice/agent';
  expect(changeOf(provider, body)).toEqual({
    provider,
    repository,
    commit,
    ...(pullRequest !== undefined && { pullRequest }),
  });
});

test.each([
  ['a deleted branch', { ...REPOSITORY, after: ZEROS }],
  ['a short hash', { ...REPOSITORY, after: SHA.slice(0, 7) }],
  ['a way out of the address', { repository: { full_name: '../../user' }, after: `${SHA}/x` }],
  ['a repository that is not a text', { repository: { full_name: 5 }, after: SHA }],
  ['nothing', null],
])('%s is not a change', (_, body) => {
  expect(changeOf('github', body)).toBeUndefined();
});
