import { choiceSchema, chosen } from './choice.ts';
import { MAX_SCENARIO_IDS } from './selection.ts';
import type { ExecuteRequest, Override } from './trigger.ts';

const FORMS: Readonly<Record<string, string>> = {
  selectAll: 'must be true or false',
  scenarioIds: `must be a list of at most ${MAX_SCENARIO_IDS} UUIDs`,
  simulatorId: 'must be a UUID',
};

/**
 * The execute request of a firing: the trigger's own, with what the delivery's body chooses. A choice that the
 * trigger does not allow, or that is misspelt, is an error: without it, something else would run than was asked for.
 * Other fields of the body are ignored.
 * @returns as a text, for the sender: why the choice is refused.
 */
export function overridden(
  execute: ExecuteRequest,
  allow: readonly Override[],
  content: unknown,
): ExecuteRequest | string {
  if (typeof content !== 'object' || content === null || Array.isArray(content)) return execute;
  const fault = misspelling(Object.keys(content), allow);
  if (fault !== undefined) return fault;
  const parsed = choiceSchema.safeParse(content);
  const chosenKeys = Object.keys(content).filter((name) => Object.hasOwn(FORMS, name));
  const forbidden = chosenKeys.find((name) => !allow.some((allowed) => allowed === name));
  if (forbidden !== undefined) return `${forbidden} may not be chosen for this trigger`;
  if (!parsed.success) {
    const name = String(parsed.error.issues[0]?.path[0]);
    return `${name} ${FORMS[name]}`;
  }
  return chosen(execute, parsed.data);
}

/** Finds the API's other casing, and names where ids are wanted. */
function misspelling(names: readonly string[], allow: readonly Override[]): string | undefined {
  for (const name of names) {
    const folded = name.replaceAll(/[_-]/g, '').toLowerCase();
    const meant = Object.keys(FORMS).find((own) => own.toLowerCase() === folded);
    if (meant !== undefined && meant !== name) return `${name} is not understood: write ${meant}`;
    if (name === 'scenarios' && allow.includes('scenarioIds')) {
      return 'scenarios is not understood: choose by id, in scenarioIds';
    }
  }
  return undefined;
}
