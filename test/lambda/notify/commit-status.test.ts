import { beforeEach, expect, test } from 'vitest';
import type { ServiceEvent } from '../../../lambda/firing/service-event.ts';
import type { CommitStatus, Trigger } from '../../../lambda/firing/trigger.ts';
import { notifyOrTest } from '../../../lambda/notify/notify.ts';
import { sweep } from '../../../lambda/sweep/sweep.ts';
import { type LoopbackServer, serveLoopback } from '../../../lib/local/server/http-server.ts';
import { sent, TRIGGERS } from '../../support/senders.ts';
import { beginAnew, clock, core, deliver, log } from '../webhook/received-delivery.ts';

const SHA = '1481a2de7b2a7d02428ad93446ab166be7793fbb';
const TOKEN = 'ghp_0123456789abcdef';

interface Posted {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, unknown>;
  readonly body: Record<string, string>;
}

/** GitHub and GitLab as far as commit statuses go: what is set is listed, newest first, with the time of the test. */
let provider: LoopbackServer;
let posted: Posted[];
let refusal: readonly [status: number, body: string] | undefined;
beginAnew();
beforeEach(async () => {
  posted = [];
  refusal = undefined;
  const statuses: Record<string, string>[] = [];
  provider = await serveLoopback(async (request, response) => {
    const { method = '', url: path = '', headers } = request;
    const text = Buffer.concat(await Array.fromAsync(request)).toString();
    if (refusal) return void response.writeHead(refusal[0]).end(refusal[1]);
    if (method === 'GET') return void response.end(JSON.stringify(statuses));
    const body = JSON.parse(text);
    posted.push({ method, path, headers, body });
    statuses.unshift({ ...body, created_at: clock.now().toISOString() });
    response.writeHead(201).end('{}');
  });
  return () => provider.stop();
});

const REPOSITORY = { repository: { full_name: 'acme/agent' } };
const PULL_REQUEST = { ...REPOSITORY, pull_request: { number: 7, head: { sha: SHA } } };
const MERGE_REQUEST = {
  project: { path_with_namespace: 'acme/voice/agent' },
  object_attributes: { iid: 9, last_commit: { id: SHA } },
};

function triggerOf(verify: 'github' | 'gitlab'): Trigger {
  const commitStatus: CommitStatus = { secret: 'n/token', baseUrl: `${provider.url}/api` };
  return {
    ...TRIGGERS[verify],
    follow: true,
    webhook: { verify, secret: `hooks/${verify}`, commitStatus },
  };
}

/** Events of the firing that a delivery of this body causes, as the bus gets them. */
async function eventsOf(verify: 'github' | 'gitlab', body: object): Promise<ServiceEvent[]> {
  const events: ServiceEvent[] = [];
  const publish: typeof core.publish = async (published) =>
    void events.push(
      ...published.flatMap((one) =>
        one.kind === 'several' || one.kind === 'summary' ? [] : [one],
      ),
    );
  const triggers = { [verify]: triggerOf(verify) };
  const event = sent(verify, 'one', clock.now(), JSON.stringify(body));
  expect(await deliver(event, triggers)).toMatchObject({ http: 202, state: 'started' });
  clock.advance(1);
  await sweep({ ...core, publish }, new Date(clock.now().getTime() + 600_000));
  return events;
}

function tell(detail: ServiceEvent): Promise<unknown> {
  const settings = {
    topicArn: 'arn:aws:sns:us-east-1:000000000000:none',
    service: 'run-test-trigger',
    timezone: 'UTC',
    kinds: [],
    triggers: { github: triggerOf('github'), gitlab: triggerOf('gitlab') },
  };
  const sns = { publish: () => Promise.reject(new Error('nobody is told')) };
  const context = { sns, readSecret: async () => TOKEN, now: clock.now };
  return notifyOrTest({ to: 'commit', event: { detail } }, context, settings);
}

function later(event: ServiceEvent, kind: ServiceEvent['kind'], reason: string): ServiceEvent {
  clock.advance(1);
  return {
    ...event,
    kind,
    time: clock.now().toISOString(),
    reasons: [reason],
    link: 'https://app.example.com/x',
  };
}

test('a pull request gets pending when its execution has started, and then the verdict', async () => {
  const [started] = await eventsOf('github', PULL_REQUEST);
  if (!started) throw new Error('nothing has started');
  expect(started).toMatchObject({
    kind: 'started',
    change: { provider: 'github', repository: 'acme/agent', commit: SHA, pull_request: 7 },
  });
  await tell(started);
  await tell(later(started, 'failed', '5 of 10 calls completed (50 %), at least 90 % wanted.'));
  const context = 'run-test-trigger/github';
  expect(posted.map(({ body }) => body)).toEqual([
    { state: 'pending', context, description: 'github has started' },
    {
      state: 'failure',
      context,
      description: 'github FAILED: 5 of 10 calls completed (50 %), at least 90 % wanted',
      target_url: 'https://app.example.com/x',
    },
  ]);
  expect(posted[0]).toMatchObject({
    path: `/api/repos/acme/agent/statuses/${SHA}`,
    headers: { authorization: `Bearer ${TOKEN}`, 'user-agent': 'run-test-trigger' },
  });
  expect(log.filter(({ event }) => event === 'commit_status_set')).toHaveLength(2);
  expect(JSON.stringify(log)).not.toContain(TOKEN);
});

test('GitLab gets its own words', async () => {
  const [started] = await eventsOf('gitlab', MERGE_REQUEST);
  if (!started) throw new Error('nothing has started');
  await tell(started);
  await tell(later(started, 'rejected', 'Invalid API key'));
  expect(posted.map(({ body }) => [body.name, body.state])).toEqual([
    ['run-test-trigger/gitlab', 'pending'],
    ['run-test-trigger/gitlab', 'failed'],
  ]);
  expect(posted[0]).toMatchObject({
    path: `/api/projects/acme%2Fvoice%2Fagent/statuses/${SHA}`,
    headers: { 'private-token': TOKEN },
  });
});

test.each([
  ['passed', 'success'],
  ['inconclusive', 'error'],
  ['lost', 'error'],
  ['unresolved', 'error'],
  ['expired', 'error'],
  ['skipped', 'error'],
  ['mismatch', undefined],
  ['recovered', undefined],
] as const)('after %s the commit shows %s', async (kind, state) => {
  const [started] = await eventsOf('github', PULL_REQUEST);
  if (!started) throw new Error('nothing has started');
  await tell(later(started, kind, 'why'));
  expect(posted.map(({ body }) => body.state)).toEqual(state === undefined ? [] : [state]);
});

test('an event that comes late, and a copy, leave the newer status', async () => {
  const [started] = await eventsOf('github', PULL_REQUEST);
  if (!started) throw new Error('nothing has started');
  const passed = later(started, 'passed', '');
  clock.advance(1);
  await tell(passed);
  await tell(started);
  await tell(passed);
  expect(posted.map(({ body }) => body.state)).toEqual(['success']);
});

test('a status that is not taken is an error that Lambda repeats, without the token', async () => {
  const [started] = await eventsOf('github', PULL_REQUEST);
  if (!started) throw new Error('nothing has started');
  refusal = [403, '{"message": "Resource not accessible by personal access token"}'];
  await expect(tell(started)).rejects.toThrow(
    'The commit status is not set: HTTP 403, Resource not accessible by personal access token. May the token set statuses in this repository? npx rtt secret set n/token',
  );
  refusal = undefined;
  await tell(started);
  expect(posted).toHaveLength(1);
  expect(JSON.stringify(log)).not.toContain(TOKEN);
});

test('a delivery without a commit fires, and has no change', async () => {
  const [started] = await eventsOf('github', { ...REPOSITORY, action: 'published' });
  expect(started?.change).toBeUndefined();
});
