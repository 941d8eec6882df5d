import { createHash } from 'node:crypto';
import type { DeployedConfig } from '../../../lambda/config/deployed-config.ts';
import type { Trigger } from '../../../lambda/firing/trigger.ts';
import type { Scenario } from './stand-in-executions.ts';
import type { NamedRunTest } from './stand-in-request.ts';

const NAMES = ['Happy path', 'Impatient caller', 'Noisy line', 'Changes their mind'];

/** The run tests that the triggers execute, each with four scenarios and those that a trigger names. */
export function scenariosByRunTest(
  triggers: DeployedConfig['triggers'],
): ReadonlyMap<string, readonly Scenario[]> {
  const entriesOf = Map.groupBy(Object.values(triggers), idOf);
  return new Map(
    [...entriesOf].map(([runTestId, entries]) => {
      const named = entries.flatMap(({ execute }) => execute.scenarios ?? []);
      const own = [...new Set([...NAMES, ...named])].map((name) =>
        scenario(uuidFrom(`${runTestId}/${name}`), name),
      );
      const ids = new Set(entries.flatMap(({ execute }) => execute.scenarioIds));
      const others = [...ids].filter((id) => !own.some((known) => known.id === id));
      return [
        runTestId,
        [...own, ...others.map((id) => scenario(id, `Scenario ${id.slice(0, 8)}`))],
      ];
    }),
  );
}

/** The run tests of the triggers; one that is known by its id alone gets a name. */
export function namedRunTests(triggers: DeployedConfig['triggers']): NamedRunTest[] {
  const runTests = Object.values(triggers).map((trigger) => {
    const id = idOf(trigger);
    return [id, { id, name: trigger.runTest ?? `Run test ${id.slice(0, 8)}` }] as const;
  });
  return [...new Map(runTests).values()];
}

function idOf({ runTestId, runTest }: Pick<Trigger, 'runTestId' | 'runTest'>): string {
  return runTestId ?? uuidFrom(`run test ${runTest}`);
}

function scenario(id: string, name: string): Scenario {
  return { id, name, rows: 1 + (createHash('sha256').update(id).digest().readUInt8() % 5) };
}

/** Always the same version 4 UUID for the same text. */
export function uuidFrom(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
