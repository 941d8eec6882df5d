import { count } from '../count.ts';

/** One thing that is wrong (or doubtful) in the triggers file, with the place a person must look at. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  readonly file: string;
  /** 1-based; 1 when the whole file is meant. */
  readonly line: number;
  /** 1-based, in UTF-16 units as editors count. */
  readonly column: number;
  /** `triggers.nightly.schedules[0].cron`; empty when the whole file is meant. */
  readonly path: string;
  readonly message: string;
}

/** Tells what is wrong with a text, and how many characters from its start. Returns nothing, for `return report(…)`. */
export type Report = (message: string, offset?: number) => undefined;

/**
 * One line per problem, and one for many warnings that are alike, then the count: what a terminal shows. Empty without
 * problems.
 */
export function formatProblems(problems: readonly Problem[]): string {
  if (problems.length === 0) return '';
  const groups = Object.groupBy(problems, (problem) =>
    problem.severity === 'error' ? 'error' : kindOf(problem),
  );
  const lines = problems.flatMap((problem) => {
    const alike = problem.severity === 'warning' ? (groups[kindOf(problem)] ?? []) : [];
    if (alike.length <= MOST_ALIKE) return [format(problem)];
    const last = alike.at(-1)?.line ?? problem.line;
    const more = `(and ${count(alike.length - 1, 'warning')} like it, down to line ${last})`;
    return problem === alike[0] ? [`${format(problem)} ${more}`] : [];
  });
  return `${lines.join('\n')}\n\n${tally(problems)}\n`;
}

/** So many warnings of one kind have a line each. */
const MOST_ALIKE = 3;

/** The message without its numbers and times, which differ between warnings that are alike. */
function kindOf({ message }: Problem): string {
  return message.replace(/[\d:,.-]+/g, '');
}

function format({ file, line, column, severity, path, message }: Problem): string {
  const text = `${file}:${line}:${column} ${severity} ${path === '' ? '' : `${path}: `}${message}`;
  // A quoted part of the file must not control the terminal.
  return text.replace(
    /\p{Cc}/gu,
    (control) => `\\x${control.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

function tally(problems: readonly Problem[]): string {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const warnings = problems.length - errors;
  const counts = [
    ...(errors > 0 ? [count(errors, 'error')] : []),
    ...(warnings > 0 ? [count(warnings, 'warning')] : []),
  ];
  return counts.join(', ');
}

/** `triggers.nightly.schedules[0].cron`; a key that is not a plain word stands in quotes. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path
    .map((key) => {
      if (typeof key === 'number') return `[${key}]`;
      return /^[\w-]+$/.test(String(key)) ? `.${String(key)}` : `[${JSON.stringify(String(key))}]`;
    })
    .join('')
    .replace(/^\./, '');
}
