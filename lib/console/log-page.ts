import { parseJson } from '../../lambda/api/json.ts';
import type { LogEvent } from '../../lambda/runtime/log.ts';
import { type LogEntry, readLogs } from '../target/logs.ts';
import type { Source } from './source.ts';

const MOST_LINES = 300;
const DEFAULT_MINUTES = 60;
const MOST_MINUTES = 7 * 24 * 60;

/** Logged once a minute, mostly with nothing new. */
const ROUTINE: readonly string[] = [
  'function_started',
  'sweep_finished',
  'firings_counted',
] satisfies LogEvent[];

/**
 * The newest lines of the log, as `rtt logs` reads them: of the last `minutes`, about `trigger` or the id `firing`, with
 * `text` in them; lines that come every minute only with `routine`.
 */
export async function readLogPage(query: URLSearchParams, { target, describe }: Source, now: Date) {
  const { trigger, firing, text = '', minutes, routine } = Object.fromEntries(query);
  const { config } = await describe();
  const span = Math.min(Math.max(Number(minutes) || DEFAULT_MINUTES, 1), MOST_MINUTES);
  const since = new Date(now.getTime() - span * 60_000);
  const entries = await readLogs(target, { since, trigger, firing });
  const rows = entries
    .map(rowOf)
    .filter(({ event }) => routine !== undefined || !ROUTINE.includes(event))
    .filter((row) => `${row.level} ${row.source} ${row.event} ${row.fields}`.includes(text));
  return {
    rows: rows.slice(-MOST_LINES).toReversed(),
    isCut: rows.length > MOST_LINES,
    triggers: Object.keys(config.triggers),
  };
}

/** The page gets it as JSON: 300 lines at most, newest first; `isCut` says that older ones are left out. */
export type LogPage = Awaited<ReturnType<typeof readLogPage>>;
/** One line; `fields` is text, whole where the line is not an entry of the service. */
export type LogRow = ReturnType<typeof rowOf>;

/** Without an event where the line is not an entry of the service. */
function rowOf({ id, time, source, line }: LogEntry) {
  const entry = recordIn(parseJson(line));
  const { event, errorType, errorMessage, stackTrace: _, ...fields } = recordIn(entry.message);
  const where = { id: `${source} ${id}`, time: time.toISOString(), source };
  const level = typeof entry.level === 'string' ? entry.level : '';
  if (errorType !== undefined) {
    return { ...where, level, event: String(errorType), fields: String(errorMessage) };
  }
  if (event === undefined) return { ...where, level, event: '', fields: line };
  const texts = Object.entries(fields).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return { ...where, level, event: String(event), fields: texts.join(' ') };
}

function recordIn(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
