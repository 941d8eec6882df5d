import { compile } from '@jmespath-community/jmespath';
import { filterFaults, type Node } from './filter-faults.ts';
import type { Report } from './problem.ts';

/**
 * Reads a JMESPath expression on `{ headers, body, query }`. What the library accepts but could never be true is
 * refused as well.
 */
export function readFilter(text: string, report: Report): string | undefined {
  const tree = compileOrReport(text, report);
  if (tree === undefined) return undefined;
  const faults = filterFaults(tree, text);
  for (const message of faults) report(message);
  return faults.length === 0 ? text : undefined;
}

function compileOrReport(text: string, report: Report): Node | undefined {
  if (/['"`]/.test(text.replace(QUOTED, '')))
    return report('is not JMESPath: a quote is not closed');
  try {
    return { ...compile(text) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return report(`is not JMESPath: ${reason.replace(/^Syntax error: /, '')}`);
  }
}

/** The library closes an open quote itself, so that it would go unnoticed. */
const QUOTED = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`/gs;
