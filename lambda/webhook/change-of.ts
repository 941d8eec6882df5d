import type { Json } from '../api/json.ts';
import type { Change } from '../firing/change.ts';
import { valueAt } from './payload.ts';

/** Where a provider's events name what they are about; of several places, the first that an event has. */
interface Places {
  readonly repository: string;
  readonly commit: readonly string[];
  readonly pullRequest: readonly string[];
}

/** GitHub, "Webhook events and payloads"; GitLab, "Webhook events". */
const PLACES: Readonly<Record<Change['provider'], Places>> = {
  github: {
    repository: 'repository.full_name',
    commit: [
      'pull_request.head.sha',
      'deployment.sha',
      'workflow_run.head_sha',
      'check_run.head_sha',
      'check_suite.head_sha',
      'workflow_job.head_sha',
      'after',
      'sha',
    ],
    pullRequest: [
      'pull_request.number',
      'workflow_run.pull_requests.0.number',
      'check_run.pull_requests.0.number',
      'check_suite.pull_requests.0.number',
    ],
  },
  gitlab: {
    repository: 'project.path_with_namespace',
    commit: [
      'object_attributes.last_commit.id',
      'object_attributes.sha',
      'checkout_sha',
      'commit_url',
      'sha',
    ],
    pullRequest: ['merge_request.iid', 'object_attributes.iid'],
  },
};

const REPOSITORY = /^[\w.-]+(\/[\w.-]+)+$/;
/** Alone, or at the end of a commit's address. A branch that is deleted has only zeros. */
const COMMIT = /(?:^|\/)(?!0+$)([0-9a-f]{64}|[0-9a-f]{40})$/;

/** The change that a delivery of this provider is of; undefined where it names no commit. Pure. */
export function changeOf(provider: Change['provider'], content: Json): Change | undefined {
  const places = PLACES[provider];
  const textAt = (path: string) => {
    const value = valueAt(content, path);
    return typeof value === 'string' ? value : '';
  };
  const repository = textAt(places.repository);
  const commit = places.commit.flatMap((path) => COMMIT.exec(textAt(path))?.[1] ?? [])[0];
  if (!REPOSITORY.test(repository) || commit === undefined) return undefined;
  const numbers = places.pullRequest.map((path) => valueAt(content, path));
  const pullRequest = numbers.find((value) => typeof value === 'number');
  return { provider, repository, commit, ...(typeof pullRequest === 'number' && { pullRequest }) };
}
