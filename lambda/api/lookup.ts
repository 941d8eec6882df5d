import * as z from 'zod/mini';
import { uuidSchema } from '../firing/selection.ts';
import { firstOf } from '../runtime/first-of.ts';
import { didYouMean } from './did-you-mean.ts';
import { type ApiAccess, read, readPage, type Unreadable, unreadable } from './future-agi.ts';
import { remedyFor } from './remedy.ts';
import type { Scenario } from './selection-plan.ts';
import { keptNumber } from './told-number.ts';

/** The result of a look-up at the API: `refused` needs a person, `unavailable` a later try. */
export type Lookup<T> = { readonly kind: 'found'; readonly value: T } | NotFound;

/** Why a look-up has found nothing. */
export type NotFound =
  | { readonly kind: 'refused'; readonly reason: string; readonly status?: number }
  | { readonly kind: 'unavailable'; readonly reason: string };

const RUN_TESTS = '/simulate/run-tests';
const PAGE_SIZE = 100;
/** 2,000 scenarios: an execute request could hardly name more. */
const MOST_PAGES = 20;

/** Every scenario of a run test. Never rejects. */
export async function findScenarios(
  runTestId: string,
  access: ApiAccess,
): Promise<Lookup<readonly Scenario[]>> {
  const path = `${RUN_TESTS}/${encodeURIComponent(runTestId)}/scenarios/?`;
  return listAt(path, 'The run test’s scenarios cannot be read', access);
}

/** Every run test that the key sees. Never rejects. */
export async function listRunTests(
  access: ApiAccess,
): Promise<Lookup<readonly Pick<Scenario, 'id' | 'name'>[]>> {
  return listAt(`${RUN_TESTS}/?`, 'The run tests cannot be listed', access);
}

async function listAt(path: string, fault: string, access: ApiAccess) {
  const items = await readPages(path, access);
  if (!Array.isArray(items)) return notFound(fault, items, access);
  return { kind: 'found', value: items } as const;
}

/**
 * The id of the one run test of this name. Only the list of run tests tells whether there are several and what is
 * similar; a server that has no such list is asked for the id alone. Never rejects.
 */
export async function findRunTest(name: string, access: ApiAccess): Promise<Lookup<string>> {
  const listed = await readPages(`${RUN_TESTS}/?search=${encodeURIComponent(name)}&`, access);
  if (!Array.isArray(listed) && (!listed.permanent || listed.status === 401)) {
    return notFound('The run tests cannot be listed', listed, access);
  }
  const candidates = Array.isArray(listed) ? listed : [];
  const [only, ...others] = candidates.filter((runTest) => runTest.name === name);
  if (only && others.length === 0) return { kind: 'found', value: only.id };
  if (only) {
    const ids = [only, ...others].map(({ id }) => id).join(', ');
    const reason = `Several run tests are called "${name}": ${ids}; write runTestId with one of these`;
    return { kind: 'refused', reason };
  }
  return findRunTestAlone(name, candidates, access);
}

const namedSchema = z.object({
  result: z.object({ run_test_id: uuidSchema, run_test_name: z.optional(z.string()) }),
});

async function findRunTestAlone(name: string, candidates: readonly Scenario[], access: ApiAccess) {
  const path = `${RUN_TESTS}/get-id-by-name/${encodeURIComponent(name)}/`;
  const answer = await read(path, access);
  if (answer.kind === 'unreadable') {
    return answer.status === 400 || answer.status === 404
      ? nowhere(name, candidates, access)
      : notFound(`The run test "${name}" cannot be looked up`, answer, access);
  }
  const parsed = namedSchema.safeParse(answer.body);
  if (!parsed.success) {
    return {
      kind: 'unavailable',
      reason: `The look-up of "${name}" has no readable form`,
    } as const;
  }
  const { run_test_id: id, run_test_name: found = name } = parsed.data.result;
  if (found !== name) return unknownName(name, [{ id, name: found }]);
  return { kind: 'found', value: id } as const;
}

/** Where no name is similar, all that there are may help. */
async function nowhere(name: string, similar: readonly Scenario[], access: ApiAccess) {
  if (similar.length > 0) return unknownName(name, similar);
  const all = await readPages(`${RUN_TESTS}/?`, access);
  return unknownName(name, Array.isArray(all) ? all : [], 'there are');
}

const MOST_CANDIDATES = 10;

function unknownName(name: string, candidates: readonly Scenario[], what = 'similar') {
  const shown = candidates.map((each) => `${JSON.stringify(each.name)} (${each.id})`);
  const listed = `${what}: ${firstOf(shown, MOST_CANDIDATES).join(', ')}`;
  const near = didYouMean(
    name,
    candidates.map((each) => each.name),
  );
  const hint = shown.length === 0 ? '' : near === '' ? `; ${listed}` : `${near} ${capital(listed)}`;
  const reason = `No run test called "${name}" is visible to this API key${hint}. Check runTest in triggers.yaml.`;
  return { kind: 'refused', reason } as const;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const listSchema = z.array(
  z.object({ id: uuidSchema, name: z.catch(z.string(), ''), row_count: keptNumber }),
);

/** Each item once, although pages may shift while they are read; never follows `next`, which may be plain http. */
async function readPages(path: string, access: ApiAccess): Promise<Scenario[] | Unreadable> {
  const items = new Map<string, Scenario>();
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const read = await readPage(path, { page, size: PAGE_SIZE, what: 'list' }, access);
    if (read.kind === 'unreadable') return read;
    const { data } = listSchema.safeParse(read.results);
    if (!data) return unreadable('the list has no readable form');
    for (const { id, name, row_count: rows } of data) {
      items.set(id, { id, name, ...(rows !== undefined && { rows }) });
    }
    if (!read.isLast) continue;
    if (items.size < (read.count ?? 0)) return unreadable('the list changed while it was read');
    return [...items.values()];
  }
  return unreadable(`the list is longer than ${MOST_PAGES * PAGE_SIZE} entries`, true);
}

function notFound(
  what: string,
  { permanent, message, status, words }: Unreadable,
  { setKey }: ApiAccess,
): NotFound {
  if (!permanent) return { kind: 'unavailable', reason: `${what}: ${message}` };
  const remedy = status === undefined ? '' : ` ${remedyFor(status, words, setKey).remedy}`;
  const reason = `${what}: ${message}.${remedy}`;
  return { kind: 'refused', reason, ...(status !== undefined && { status }) };
}
