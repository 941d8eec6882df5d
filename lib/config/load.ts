import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { nearest } from '../../lambda/api/did-you-mean.ts';
import { issueMessage, unknownKey } from './issue-message.ts';
import { isMap } from './leaf.ts';
import { type Defaults, soundPolicies } from './policy-schema.ts';
import { formatPath, type Problem } from './problem.ts';
import { defaultWindow } from './schedule-schema.ts';
import { fileSchema, type TriggersFile, triggerSchema } from './schema.ts';
import { readTimezone } from './timezone.ts';
import { warningsOf } from './warnings.ts';
import { readYaml, type YamlSource } from './yaml-source.ts';

/** A sound file's configuration, or everything that is wrong with it; never an exception. */
export type LoadResult =
  | { readonly ok: true; readonly config: TriggersFile; readonly warnings: Problem[] }
  | { readonly ok: false; readonly problems: Problem[] };

/**
 * Reads a triggers file and finds every problem of it at once. `now` decides which times are past; `option` is how a
 * person names another file.
 */
export function loadTriggers(file: string, now: Date, option = '--triggers FILE'): LoadResult {
  const text = readText(file, option);
  return typeof text === 'string'
    ? parseTriggers(file, text, now)
    : { ok: false, problems: [text] };
}

/** The same of a text that is there already. `file` is what problems name. */
export function parseTriggers(file: string, text: string, now: Date): LoadResult {
  const source = readYaml(file, text);
  if (source.content === undefined) return { ok: false, problems: inFileOrder(source.problems) };
  if (source.content === null)
    return { ok: false, problems: [source.problemAt({ path: [] }, EMPTY)] };
  const content = contentSchema.parse(source.content);
  const defaults = defaultsOf(content);
  const schemas = schemasWith(defaults);
  const parsed = schemas.file.safeParse(source.content, { error: describe });
  const triggers = parsed.data?.triggers ?? soundTriggers(content, schemas.trigger);
  const hasBudget = isMap(source.content) && 'budget' in source.content;
  const warnings = warningsOf(triggers, hasBudget, now).map(({ path, message }) =>
    source.problemAt({ path }, message, 'warning'),
  );
  if (parsed.success && source.problems.length === 0)
    return { ok: true, config: parsed.data, warnings: inFileOrder(warnings) };
  const errors = parsed.success
    ? []
    : withoutMisspelt(parsed.error.issues).flatMap((issue) => toProblems(issue, source));
  return { ok: false, problems: inFileOrder([...source.problems, ...errors, ...warnings]) };
}

function newSchemas(defaults: Defaults) {
  return { file: fileSchema(defaults), trigger: triggerSchema(defaults) };
}

const made = new Map<string, ReturnType<typeof newSchemas>>();

/** Making the schemas takes longer than reading a file of a few triggers with them. */
function schemasWith(defaults: Defaults) {
  const key = JSON.stringify(defaults);
  const schemas = made.get(key) ?? newSchemas(defaults);
  made.set(key, schemas);
  return schemas;
}

/** The triggers that are sound by themselves, of a file in which something else is wrong. */
function soundTriggers({ triggers = {} }: Content, schema: ReturnType<typeof triggerSchema>) {
  const sound = Object.entries(triggers).flatMap(([name, trigger]) => {
    const { data } = schema.safeParse(trigger);
    return data ? [[name, data] as const] : [];
  });
  return Object.fromEntries(sound);
}

const EMPTY = 'the file is empty; it needs at least api and triggers';

function readText(file: string, option: string): string | Problem {
  try {
    const bytes = readFileSync(file);
    return isUtf16(bytes)
      ? unreadable(file, 'is UTF-16, as Windows PowerShell writes it; save it as UTF-8')
      : new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const code = 'code' in error ? String(error.code) : error.message;
    if (code === 'ENOENT')
      return unreadable(file, `the file does not exist; name another one with ${option}`);
    return unreadable(file, UNREADABLE[code] ?? `cannot be read (${code})`);
  }
}

/** By its byte order mark, or by a first character of which one byte is zero. */
function isUtf16([first, second]: Buffer): boolean {
  const marks = [0xff, 0xfe];
  const isMark = marks.includes(first ?? 0) && marks.includes(second ?? 0);
  return isMark || first === 0 || second === 0;
}

function unreadable(file: string, message: string): Problem {
  return { severity: 'error', file, line: 1, column: 1, path: '', message };
}

const UNREADABLE: Readonly<Record<string, string>> = {
  ERR_ENCODING_INVALID_ENCODED_DATA: 'is not UTF-8; save it as UTF-8',
  EISDIR: 'is a directory, not a file',
  EACCES: 'cannot be read: permission denied',
};

const maps = z.record(z.string(), z.unknown()).optional().catch(undefined);
const contentSchema = z.object({ defaults: maps, triggers: maps }).catch({});
type Content = z.infer<typeof contentSchema>;

/** Read first, since every trigger depends on them; wrong ones are reported by the schema. */
function defaultsOf({ defaults = {} }: Content): Defaults {
  const { timezone, flexibleWindow } = defaults;
  const read = typeof timezone === 'string' ? readTimezone(timezone, () => {}) : undefined;
  return {
    timezone: read ?? 'UTC',
    flexibleWindowMinutes: defaultWindow.safeParse(flexibleWindow).data ?? 0,
    policies: soundPolicies(defaults),
  };
}

/** For unknown keys the message is the list of the known ones: one issue may name several keys. */
function describe(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== 'unrecognized_keys') return issueMessage(issue);
  return issue.inst instanceof z.ZodObject ? Object.keys(issue.inst.shape).join() : undefined;
}

const MISSING = /^(?:is missing|has no)\b/;

/** Without those of a key that is missing where it is there, misspelt: the issue of that one proposes it. */
function withoutMisspelt(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  const meant = new Map<string, string[]>();
  for (const { path, message, ...issue } of issues) {
    if (issue.code !== 'unrecognized_keys') continue;
    const words = issue.keys.flatMap((key) => nearest(key, message.split(',')) ?? []);
    meant.set(formatPath(path), words);
  }
  return issues.filter(({ path, message }) => {
    if (!MISSING.test(message)) return true;
    const said = [path.at(-1), ...message.split(/\W+/)];
    const words = [path, path.slice(0, -1)].flatMap((map) => meant.get(formatPath(map)) ?? []);
    return !words.some((word) => said.includes(word));
  });
}

function toProblems(issue: z.core.$ZodIssue, { problemAt }: YamlSource): Problem[] {
  const { path, message } = issue;
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) =>
      problemAt({ path: [...path, key], atKey: true }, unknownKey(key, message.split(','))),
    );
  }
  const { offset = 0, atKey = false } = issue.code === 'custom' ? (issue.params ?? {}) : {};
  return [problemAt({ path, offset: Number(offset), atKey: atKey === true }, message)];
}

function inFileOrder(problems: readonly Problem[]): Problem[] {
  return problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
}
