import { compile } from '@jmespath-community/jmespath';
import { didYouMean, type Report } from './problem.ts';

const ROOTS = ['headers', 'body', 'query'];

/**
 * Reads a JMESPath expression on `{ headers, body, query }`. What the library accepts but could never be true, or
 * would fail at each delivery, is refused as well: other roots, header names with capitals, unknown functions.
 */
export function readFilter(text: string, report: Report): string | undefined {
  const tree = compileOrReport(text, report);
  if (tree === undefined) return undefined;
  const faults = [...new Set(faultsOf(tree, true))];
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

/** A node of the library's tree, whose parts are nodes, lists of nodes or plain values. */
type Node = Readonly<Record<string, unknown>>;

/** @param atRoot whether the node is evaluated on the delivery itself, and not on a part of it. */
function* faultsOf(node: Node, atRoot: boolean): Generator<string> {
  const { type, name } = node;
  if (type === 'Binding' && node.variable === undefined)
    yield 'has a single =; write == to compare';
  if (type === 'Function' && !FUNCTIONS.includes(String(name))) yield noFunction(String(name));
  if (type === 'Field' && atRoot && !ROOTS.includes(String(name))) {
    yield `begins with ${name}; a delivery has ${ROOTS.join(', ')}${didYouMean(String(name), ROOTS)}`;
  }
  if (type === 'Subexpression') yield* headerFaults(node);
  for (const [key, part] of Object.entries(node)) {
    const partAtRoot = atRoot && !(DESCENDS.get(String(type))?.includes(key) ?? false);
    for (const child of nodesIn(part)) yield* faultsOf(child, partAtRoot);
  }
}

/** The functions of jmespath.org. The library has more, but some of them take quadratic time or any memory. */
const FUNCTIONS = [
  ...['abs', 'avg', 'ceil', 'contains', 'ends_with', 'floor', 'join', 'keys', 'length', 'map'],
  ...['max', 'max_by', 'merge', 'min', 'min_by', 'not_null', 'reverse', 'sort', 'sort_by'],
  ...['starts_with', 'sum', 'to_array', 'to_number', 'to_string', 'type', 'values'],
];

function noFunction(name: string): string {
  return `calls ${name}(), which is not a function of jmespath.org${didYouMean(name, FUNCTIONS)}`;
}

/** Which parts of which nodes are evaluated on something else than the node itself. */
const DESCENDS = new Map([
  ['Subexpression', ['right']],
  ['IndexExpression', ['right']],
  ['Pipe', ['right']],
  ['Projection', ['right']],
  ['ValueProjection', ['right']],
  ['FilterProjection', ['right', 'condition']],
  ['ExpressionReference', ['child']],
]);

function* headerFaults({ left, right }: Node): Generator<string> {
  const [parent] = nodesIn(left);
  const [field] = nodesIn(right);
  if (parent?.type !== 'Field' || parent.name !== 'headers' || field?.type !== 'Field') return;
  const header = String(field.name);
  if (header !== header.toLowerCase()) {
    yield `asks for the header "${header}"; write header names in lower case: headers."${header.toLowerCase()}"`;
  }
}

function nodesIn(part: unknown): Node[] {
  if (Array.isArray(part)) return part.flatMap(nodesIn);
  return typeof part === 'object' && part !== null && 'type' in part ? [{ ...part }] : [];
}
