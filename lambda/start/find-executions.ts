import { type Api, accessApi, isCurrentKey } from '../api/api.ts';
import { type ApiAccess, type ListedExecution, listExecutions } from '../api/future-agi.ts';
import { serverTime } from '../api/outcome.ts';
import { attemptsInDoubt, type Sent } from '../firing/doubt.ts';
import { type Firing, firingSchema } from '../firing/firing.ts';
import { readOwners } from '../ledger/execution-owner.ts';
import type { LedgerContext } from '../ledger/ledger.ts';
import { timeLeft } from '../runtime/limits.ts';
import { addMs } from '../runtime/time.ts';
import { attemptOf, type Candidate, type Findings, fitFor, isBeforeDoubt } from './attribution.ts';

/** What finding a firing's executions needs. */
export type FindContext = LedgerContext & { readonly api: Api };

/** Without the list a doubt stays a doubt: nothing is sent and nothing is given up. */
export interface Unlisted {
  readonly kind: 'unlisted';
  readonly permanent: boolean;
  readonly message: string;
}

/** What was found of a firing in doubt; `own`: an execution that the ledger has as its own already. */
export type Found =
  | ({ readonly kind: 'found'; readonly own?: ListedExecution } & Findings)
  | Unlisted;

/** 5,000 executions: more than a run test has in the days for which a doubt is worth settling. */
const MOST_PAGES = 200;
/** A firing that could own the same execution was sent this close: a sender's life, and clocks that differ. */
const SIBLINGS_MS = 30 * 60_000;

/** Looks for the executions that a firing's attempts in doubt could have started. */
export async function findExecutions(
  firing: Firing & Sent,
  context: FindContext,
  until: Date,
): Promise<Found> {
  const { api } = context;
  const access = await accessApi(api, until);
  if (access instanceof Error) return unlisted(access.message);
  const listing = await listSince(firing, api, access, until);
  if (listing.kind === 'unlisted') return listing;
  const { executions, ...rest } = listing;
  const possible = executions.filter((execution) => attemptOf(firing, execution));
  if (possible.length === 0) return { ...rest, kind: 'found', candidates: [] };
  const looked = await api.lookups.scenarios(firing.runTestId, access);
  const scenarios = looked.kind === 'found' ? looked.value : undefined;
  const siblings = await siblingsOf(firing, context);
  const claimOn = await claims(possible, firing, context);
  const candidates: Candidate[] = [];
  for (const execution of possible) {
    const claim = claimOn(execution);
    if (claim === 'own') return { ...rest, kind: 'found', own: execution, candidates: [] };
    if (claim === 'taken') continue;
    const rivals = siblings.filter((each) => (fitFor(each, execution, scenarios) ?? 'no') !== 'no');
    candidates.push({
      execution,
      fit: fitFor(firing, execution, scenarios) ?? 'no',
      rivals: [...rivals.map(({ id }) => id), ...claim],
    });
  }
  return { ...rest, kind: 'found', candidates };
}

/** Pages back, newest first, until what was there before the oldest attempt in doubt. */
async function listSince(firing: Firing & Sent, api: Api, access: ApiAccess, until: Date) {
  const listed = new Map<string, ListedExecution>();
  let listedAt = api.now();
  const listing = (complete: boolean) =>
    ({ kind: 'listed', executions: [...listed.values()], complete, listedAt }) as const;
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    if (timeLeft(api, until) <= 0) return unlisted('no time was left to read it to its end');
    const result = await listExecutions(firing.runTestId, page, access);
    if (result.kind === 'unreadable') {
      const isRefused = result.permanent && (await isCurrentKey(access.key, api));
      return unlisted(result.message, isRefused);
    }
    if (page === 1) listedAt = serverTime(result.date, api.now()) ?? listedAt;
    for (const execution of result.executions) listed.set(execution.id, execution);
    const isFarEnough = result.executions.some((execution) => isBeforeDoubt(firing, execution));
    if (result.last || isFarEnough) return listing(true);
  }
  return listing(false);
}

function unlisted(message: string, permanent = false): Unlisted {
  return { kind: 'unlisted', permanent, message };
}

/** Other firings of the run test that were sent near that time or since, as the ledger itself holds them. */
async function siblingsOf(firing: Firing & Sent, { ledger, now }: LedgerContext) {
  const [oldest = now().toISOString()] = attemptsInDoubt(firing).map(({ sentAt }) => sentAt);
  const from = addMs(new Date(oldest), -SIBLINGS_MS);
  const sent = await ledger.sentBetween(firing.runTestId, from, addMs(now(), SIBLINGS_MS));
  const others = sent.flatMap(({ id }) => (id === firing.id ? [] : id));
  return ledger.readItems(others, firingSchema);
}

/** By the ledger, an execution is the firing's own, another's, or, so far, also that of a firing which has not taken it. */
async function claims(
  executions: readonly ListedExecution[],
  { id: own }: Firing,
  context: LedgerContext,
): Promise<(execution: ListedExecution) => 'own' | 'taken' | readonly string[]> {
  const owners = await readOwners(
    executions.map(({ id }) => id),
    context,
  );
  const others = new Set([...owners.values()].map(({ firing }) => firing));
  others.delete(own);
  const firings = await context.ledger.readItems([...others], firingSchema);
  const byId = new Map(firings.map((firing) => [firing.id, firing]));
  return ({ id }) => {
    const owner = owners.get(id);
    if (!owner) return [];
    if (owner.firing === own) return 'own';
    const firing = byId.get(owner.firing);
    const isTaken = !firing || firing.attempts.some(({ executionId }) => executionId === id);
    return isTaken ? 'taken' : [owner.firing];
  };
}
