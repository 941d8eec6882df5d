import { compile } from '@jmespath-community/jmespath';
import { didYouMean } from '../../lambda/api/did-you-mean.ts';
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

/** A node of the JMESPath library's tree, whose parts are nodes, lists of nodes or plain values. */
type Node = Readonly<Record<string, unknown>>;

/** What a filter can read. */
const ROOTS = ['headers', 'body', 'query'];
/** Those in which a sender can only send texts. */
const TEXTS = ['headers', 'query'];

/** What the library accepts in an expression, but could never be true, or would fail at each delivery. */
function filterFaults(tree: Node, text: string): string[] {
  const faults = [...new Set(faultsOf(tree, { atRoot: true, text }))];
  const readsSomething = ROOTS.some((root) => new RegExp(`\\b${root}\\b`).test(text));
  return faults.length > 0 || readsSomething ? faults : [READS_NOTHING];
}

const READS_NOTHING =
  'reads nothing of the delivery, so it is the same for each; use headers, body or query';

interface Scope {
  /** Whether the node is evaluated on the delivery itself, and not on a part of it. */
  readonly atRoot: boolean;
  readonly text: string;
}

function* faultsOf(node: Node, scope: Scope): Generator<string> {
  const { type, name } = node;
  const quoted = quotedText(node, scope.text);
  if (quoted)
    yield `takes "${quoted.name}" for a field; write a text in single quotes: '${quoted.name}' (or the field as @."${quoted.name}")`;
  if (type === 'Binding' && node.variable === undefined)
    yield 'has a single =; write == to compare';
  if (type === 'Function' && !FUNCTIONS.includes(String(name)))
    yield `calls ${name}(), which is not a function of jmespath.org${didYouMean(String(name), FUNCTIONS)}`;
  if (type === 'Field' && scope.atRoot && !ROOTS.includes(String(name)))
    yield rootFault(String(name), scope.text);
  if (type === 'Subexpression') yield* headerFaults(node);
  if (type === 'Comparator') yield* comparisonFaults(node);
  const isAccess = type !== 'Pipe' && DESCENDS.has(String(type));
  if (isAccess && nodesIn(node.left)[0]?.type === 'NotExpression')
    yield 'has ! before a path, where it means the first name only; put the path in brackets: !(body.draft)';
  for (const [key, part] of Object.entries(node)) {
    const atRoot = scope.atRoot && !(DESCENDS.get(String(type))?.includes(key) ?? false);
    const others = nodesIn(part).filter(({ name }) => !quoted || name !== quoted.name);
    for (const child of others) yield* faultsOf(child, { ...scope, atRoot });
  }
}

/** The functions of jmespath.org. The library has more, but some of them take quadratic time or any memory. */
const FUNCTIONS = [
  ...['abs', 'avg', 'ceil', 'contains', 'ends_with', 'floor', 'join', 'keys', 'length', 'map'],
  ...['max', 'max_by', 'merge', 'min', 'min_by', 'not_null', 'reverse', 'sort', 'sort_by'],
  ...['starts_with', 'sum', 'to_array', 'to_number', 'to_string', 'type', 'values'],
];

/** Those that take a text beside what they look at. */
const TEXT_FUNCTIONS = ['contains', 'ends_with', 'join', 'starts_with'];

/** The double-quoted name that is compared with something that is not a text, or stands where a function takes a text. */
function quotedText(node: Node, text: string): Node | undefined {
  const operands = operandsOf(node);
  if (operands.some(({ type }) => type === 'Literal')) return undefined;
  return operands.findLast(({ type, name }) => {
    const written = JSON.stringify(name) ?? '';
    return type === 'Field' && new RegExp(`(?<!\\.)${RegExp.escape(written)}`).test(text);
  });
}

function operandsOf({ type, name, left, right, children }: Node): Node[] {
  if (type === 'Comparator') return nodesIn([left, right]);
  return type === 'Function' && TEXT_FUNCTIONS.includes(String(name)) ? nodesIn(children) : [];
}

function rootFault(name: string, text: string): string {
  const start = `begins with ${name}; a delivery has ${ROOTS.join(', ')}`;
  const header = [...text.matchAll(/headers\.([\w-]*-[\w-]+)/g)].find(([, found = '']) =>
    found.split('-').includes(name),
  )?.[1];
  if (header !== undefined) return `${start}; put the header in quotes: headers."${header}"`;
  return name.includes('-')
    ? `${start}; a header is headers."${name.toLowerCase()}"`
    : `${start}${didYouMean(name, ROOTS)}`;
}

function* headerFaults({ left, right }: Node): Generator<string> {
  const [parent] = nodesIn(left);
  const [field] = nodesIn(right);
  if (parent?.type !== 'Field' || parent.name !== 'headers' || field?.type !== 'Field') return;
  const header = String(field.name);
  if (header !== header.toLowerCase()) {
    yield `asks for the header "${header}"; write header names in lower case: headers."${header.toLowerCase()}"`;
  }
}

/** Comparisons that are never true: the order of a text, and a text with something else. */
function* comparisonFaults({ name, left, right }: Node): Generator<string> {
  const operands = nodesIn([left, right]);
  const literal = operands.find(({ type }) => type === 'Literal');
  if (!literal) return;
  const written = JSON.stringify(literal.value);
  const isOrder = !['EQ', 'NE'].includes(String(name));
  if (isOrder && typeof literal.value !== 'number')
    yield `compares the order of ${written}, and only numbers have one; write a number in backticks: \`5\``;
  const parents = operands.flatMap((operand) => nodesIn(operand.left));
  const text = parents.find(({ type, name }) => type === 'Field' && TEXTS.includes(String(name)));
  if (!text || typeof literal.value === 'string' || literal.value === null) return;
  const remedy = isOrder ? `to_number(${text.name}.…)` : `'${literal.value}'`;
  yield `compares a text of ${text.name} with ${written}; write ${remedy}`;
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

function nodesIn(part: unknown): Node[] {
  if (Array.isArray(part)) return part.flatMap(nodesIn);
  return typeof part === 'object' && part !== null && 'type' in part ? [{ ...part }] : [];
}
