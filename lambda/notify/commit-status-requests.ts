import * as z from 'zod/mini';
import type { ApiRequest } from '../api/exchange.ts';
import type { Change } from '../firing/change.ts';

/** In GitHub's words; GitLab has others for the same. */
export interface Status {
  readonly state: 'pending' | 'success' | 'failure' | 'error';
  /** Its name: a later status of the same name replaces it. */
  readonly context: string;
  readonly description: string;
  readonly url?: string;
}

interface StatusRequests {
  list(context: string): ApiRequest;
  set(status: Status): ApiRequest;
  /** When the status of this name was last set, ISO 8601, by the answer to `list`; undefined where it has none. */
  latestIn(answer: unknown, context: string): string | undefined;
}

type Commit = Pick<Change, 'repository' | 'commit'>;

/** The requests of each provider; `baseUrl` is that of its API. */
export const STATUS_REQUESTS: Readonly<
  Record<Change['provider'], (baseUrl: string, commit: Commit, token: string) => StatusRequests>
> = { github, gitlab };

const githubList = z.array(z.object({ context: z.string(), created_at: z.string() }));

/** GitHub, "REST API endpoints for commit statuses". */
function github(baseUrl: string, { repository, commit }: Commit, token: string): StatusRequests {
  const repositoryUrl = `${baseUrl}/repos/${repository}`;
  const headers = {
    accept: 'application/vnd.github+json',
    authorization: `Bearer ${token}`,
    'user-agent': 'run-test-trigger',
    'x-github-api-version': '2022-11-28',
  };
  return {
    list: () => ({
      method: 'GET',
      url: new URL(`${repositoryUrl}/commits/${commit}/statuses?per_page=100`),
      headers,
    }),
    set: ({ url, ...status }) => ({
      method: 'POST',
      url: new URL(`${repositoryUrl}/statuses/${commit}`),
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ ...status, target_url: url }),
    }),
    latestIn: (answer, context) =>
      // The newest stands first.
      githubList.parse(answer).find((status) => status.context === context)?.created_at,
  };
}

const gitlabList = z.array(
  z.object({
    name: z.string(),
    created_at: z.string(),
    finished_at: z.optional(z.nullable(z.string())),
  }),
);

/** GitLab, "Commits API", "Commit status"; `error` is not one of its words. */
function gitlab(baseUrl: string, { repository, commit }: Commit, token: string): StatusRequests {
  const projectUrl = `${baseUrl}/projects/${encodeURIComponent(repository)}`;
  const headers = { 'private-token': token, 'user-agent': 'run-test-trigger' };
  return {
    list: (context) => ({
      method: 'GET',
      url: new URL(
        `${projectUrl}/repository/commits/${commit}/statuses?name=${encodeURIComponent(context)}`,
      ),
      headers,
    }),
    set: ({ state, context, description, url }) => ({
      method: 'POST',
      url: new URL(`${projectUrl}/statuses/${commit}`),
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({
        state: state === 'pending' || state === 'success' ? state : 'failed',
        name: context,
        description,
        target_url: url,
      }),
    }),
    latestIn: (answer, context) =>
      gitlabList
        .parse(answer)
        .filter(({ name }) => name === context)
        .map(({ created_at, finished_at }) => finished_at ?? created_at)
        .toSorted((one, other) => Date.parse(one) - Date.parse(other))
        .at(-1),
  };
}
