import { readFileSync } from 'node:fs';
import type { Trigger } from '../firing/trigger.ts';
import { measure } from '../runtime/log.ts';
import type { DeployedConfig } from './deployed-config.ts';
import { fingerprintOf, partOf } from './parts.ts';

/** `triggers.json` beside each bundle: all that does not grow with the number of triggers. */
interface ConfigIndex extends Omit<DeployedConfig, keyof TriggersOf> {
  /** Of each part that has triggers, the fingerprint of their schedules. */
  readonly parts: Readonly<Record<string, string>>;
  /** The triggers that had another name. */
  readonly renamed: Readonly<Record<string, Pick<Trigger, 'renamedFrom'>>>;
  /** One trigger with a webhook, where there is one. */
  readonly anyWebhook?: string;
}

/** What is written of triggers: all of them, those of a part (`triggers-<part>.json`), or some. */
export type TriggersOf = Pick<DeployedConfig, 'triggers' | 'notifyOf'>;

/** Each part is read from the disk once, when it is asked for first. */
export interface ConfigFiles {
  readonly index: ConfigIndex;
  part(part: string): TriggersOf;
  /** Those of these names that are deployed. */
  named(names: readonly (string | undefined)[]): TriggersOf;
  /** By name. */
  all(): TriggersOf;
}

const NONE: TriggersOf = { triggers: {}, notifyOf: {} };

const INDEX_FILE = 'triggers.json';
const fileOf = (part: string) => `triggers-${part}.json`;

/** The files of a configuration, JSON by name: a start reads the index and the part of its own trigger. */
export function configFiles({ triggers, notifyOf = {}, ...settings }: DeployedConfig) {
  const entries = Object.entries(triggers);
  const parts = Map.groupBy(entries, ([name]) => partOf(name));
  const contentOf = (own: typeof entries): TriggersOf => ({
    triggers: Object.fromEntries(own),
    notifyOf: picked(
      notifyOf,
      own.map(([name]) => name),
    ),
  });
  const [anyWebhook] = entries.find(([, { webhook }]) => webhook) ?? [];
  const index: ConfigIndex = {
    ...settings,
    parts: Object.fromEntries(
      [...parts].map(([part, own]) => [
        part,
        fingerprintOf(own.map(([name, { schedules }]) => [name, schedules])),
      ]),
    ),
    renamed: Object.fromEntries(
      entries.flatMap(([name, { renamedFrom }]) =>
        renamedFrom === undefined ? [] : [[name, { renamedFrom }]],
      ),
    ),
    ...(anyWebhook !== undefined && { anyWebhook }),
  };
  return new Map<string, string>([
    [INDEX_FILE, JSON.stringify(index)],
    ...[...parts].map(([part, own]) => [fileOf(part), JSON.stringify(contentOf(own))] as const),
  ]);
}

/** Reads the configuration that lies beside this file, and has the log measure the triggers that ask for it. */
export function readConfigFiles(url: string | URL): ConfigFiles {
  const files = openConfigFiles((file) => readFileSync(new URL(file, url), 'utf8'));
  measure(files.index.measured ?? []);
  return files;
}

/** Reads the index of a configuration, and each part when it is asked for first. */
export function openConfigFiles(textOf: (file: string) => string): ConfigFiles {
  const read = (file: string) => JSON.parse(textOf(file));
  const index: ConfigIndex = read(INDEX_FILE);
  const known = new Map<string, TriggersOf>();
  const part = (name: string): TriggersOf => {
    if (!Object.hasOwn(index.parts, name)) return NONE;
    const content = known.get(name) ?? read(fileOf(name));
    known.set(name, content);
    return content;
  };
  const together = (parts: readonly TriggersOf[]): TriggersOf => ({
    triggers: Object.assign({}, ...parts.map(({ triggers }) => triggers)),
    notifyOf: Object.assign({}, ...parts.map(({ notifyOf }) => notifyOf)),
  });
  return {
    index,
    part,
    named(names) {
      const wanted = names.filter((name) => name !== undefined);
      const { triggers, notifyOf = {} } = together(wanted.map((name) => part(partOf(name))));
      return { triggers: picked(triggers, wanted), notifyOf: picked(notifyOf, wanted) };
    },
    all() {
      const { triggers, notifyOf } = together(Object.keys(index.parts).map(part));
      const { compare } = new Intl.Collator('en', { numeric: true });
      const names = Object.keys(triggers).toSorted(compare);
      return { triggers: picked(triggers, names), notifyOf: notifyOf ?? {} };
    },
  };
}

/** Reads every part; a start reads the part of its own trigger instead. */
export function deployedIn({ index, all }: ConfigFiles): DeployedConfig {
  const { parts: _, renamed: __, anyWebhook: ___, ...settings } = index;
  return { ...settings, ...all() };
}

function picked<T>(all: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const one = Object.hasOwn(all, name) ? all[name] : undefined;
      return one === undefined ? [] : [[name, one] as const];
    }),
  );
}
