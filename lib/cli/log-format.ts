import { stripVTControlCharacters } from 'node:util';
import { parseJson } from '../../lambda/api/json.ts';
import type { LogLine } from '../local/functions/function-host.ts';
import type { Style } from './style.ts';
import { wrapped } from './table.ts';
import { oneLine } from './text.ts';

const COLORS = { TRACE: 'dim', DEBUG: 'dim', INFO: 'green', WARN: 'yellow', ERROR: 'red' } as const;

const RESULT_COLORS: Readonly<Record<string, 'green' | 'red' | 'yellow'>> = {
  passed: 'green',
  failed: 'red',
  inconclusive: 'yellow',
};

/** Also in the firing's id or in the ledger. */
const LESS_IMPORTANT = new Set(['trigger', 'source', 'run_test_id', 'scenario_ids', 'attempt']);

/** Logged once a minute, mostly with nothing new: shown dim. */
const ROUTINE = new Set<unknown>(['function_started', 'sweep_finished', 'firings_counted']);

/** What follows on a line of its own, below the event word. */
const CONTINUED = ' '.repeat(9);

/**
 * One line for a person: local time, level, function, event word, fields; with a width, broken between words. Text that
 * is not a log entry stays.
 */
export function formatLogLine({ source, line }: LogLine, style: Style, width?: number): string {
  const entry = recordOf(parseJson(line));
  if (typeof entry.level !== 'string') return `${source} ${line}`;
  const { level, message } = entry;
  const time = new Date(String(entry.timestamp)).toTimeString().slice(0, 8);
  const color = Object.entries(COLORS).find(([name]) => name === level)?.[1] ?? 'red';
  const head = [style('dim', time), style(color, level.padEnd(5)), source.padEnd(7)].join(' ');
  const text = `${head} ${describe(message, style)}`;
  return width === undefined ? text : wrapped(text, width, CONTINUED).join('\n');
}

function describe(message: unknown, style: Style): string {
  if (typeof message !== 'object' || message === null) return String(message);
  const { event, errorType, errorMessage, stackTrace, ...fields } = recordOf(message);
  if (errorType !== undefined) {
    // Its first lines are the message again, which may have several.
    const frames = [stackTrace].flat().filter((line) => /^ +at /.test(String(line)));
    const stack = frames.join('\n');
    return `${errorType}: ${oneLine(String(errorMessage))}\n${style('dim', stack)}`;
  }
  if (event === undefined) return JSON.stringify(message);
  const shown = Object.entries(fields).filter(
    ([name]) => !(LESS_IMPORTANT.has(name) && fields.firing !== undefined),
  );
  const texts = shown.map(([name, value]) => {
    const isWord = typeof value === 'string' && !/\s/.test(value);
    const text = isWord ? value : JSON.stringify(value);
    const colour = name === 'result' ? RESULT_COLORS[text] : undefined;
    return `${style('dim', `${name}=`)}${colour ? style(colour, text) : text}`;
  });
  const line = [style('bold', String(event)), ...texts].join(' ');
  return ROUTINE.has(event) ? style('dim', stripVTControlCharacters(line)) : line;
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' ? { ...value } : {};
}
