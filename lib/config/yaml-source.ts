import {
  type Document,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
  visit,
} from 'yaml';
import { formatPath, type Problem } from './problem.ts';

/**
 * A YAML text: its content, what is wrong with it as YAML, and where each part of it is. Bad syntax, duplicate keys
 * and keys that are no text are problems, never exceptions.
 */
export function readYaml(file: string, text: string) {
  const lineCounter = new LineCounter();
  const lineOf = (offset: number) => lineCounter.linePos(offset).line;
  const document = parseDocument(text, {
    lineCounter,
    prettyErrors: false,
    uniqueKeys: false,
    logLevel: 'error',
  });
  const problem = ({ offset, path, message }: Fault): Problem => {
    const { line, col } = lineCounter.linePos(offset);
    const place = { file, line: Math.max(1, line), column: Math.max(1, col) };
    return { severity: 'error', ...place, path: formatPath(path), message };
  };
  const syntax = onePerLine(
    [...versionFault(document, text), ...syntaxFaults(document, text), ...unsupported(document)],
    lineOf,
  );
  const content: unknown = syntax.length === 0 ? document.toJS() : undefined;
  return {
    /** Undefined when the text is not sound YAML. */
    content,
    problems: [...syntax, ...keyFaults(document.contents, [], lineOf)].map(problem),
    /** A problem at a place, or at the nearest part of its path that exists. */
    problemAt: (place: Place, message: string, severity: Problem['severity'] = 'error') => ({
      ...problem({ offset: locate(document, text, place), path: place.path, message }),
      severity,
    }),
  };
}

/** Keeps the parsed text, so that what is found wrong later gets its line as well. */
export type YamlSource = ReturnType<typeof readYaml>;

interface Fault {
  readonly offset: number;
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

const STAR =
  'YAML takes a value that begins with * for a reference, which this file cannot have; put it in quotes: "*/5 * * * ? *"';

/** By the parser's code. */
const SYNTAX: Readonly<Record<string, string>> = {
  BAD_ALIAS: STAR,
  MULTIPLE_DOCS: 'a second YAML document begins here; only one is allowed, remove the line ---',
};

/** Plain words for what the parser says most: its code, a space and its message. */
const NOT_VALID: readonly (readonly [RegExp, string])[] = [
  [/^BLOCK_AS_IMPLICIT/, 'put a value that contains ": " or begins with "? " in quotes'],
  [/^TAB_AS_INDENT/, 'a tab cannot indent; write spaces'],
  [/^MULTILINE_IMPLICIT|by map values/, 'a colon is missing on this line, or the space behind it'],
  [/same column/, 'this line is not indented as the others of its map'],
  [/closing ["']quote/, 'the text that begins here has no closing quote'],
  [/end with a ]/, 'a list above begins with [ and is not closed with ]'],
  [/end with a }/, 'a map above begins with { and is not closed with }'],
  [/^BAD_SCALAR_START/, 'put a value that begins with this character in quotes'],
];
const TOO_DEEP = 'this line is indented deeper than the one above, which has a value already';

function versionFault({ directives }: Document, text: string): Fault[] {
  if (directives?.yaml.version !== '1.1') return [];
  const offset = Math.max(0, text.search(/^%YAML/m));
  const message = '%YAML 1.1 turns on, off, yes and no into true and false; remove this line';
  return [{ offset, path: [], message }];
}

function syntaxFaults({ errors, warnings, contents }: Document, text: string): Fault[] {
  const said = [...errors, ...warnings];
  // Of two at one place, the first is the cause.
  const faults = said.filter(({ pos }, index) => pos[0] !== said[index - 1]?.pos[0]);
  // What follows a tab cannot be read either.
  const tab = faults.find(({ code }) => code === 'TAB_AS_INDENT');
  return (tab ? [tab] : faults).map(({ code, pos, message }) => {
    const star = unquotedStar(text, pos[0]);
    if (star !== undefined) return { offset: star, path: [], message: STAR };
    const isOpen = message.startsWith('Missing closing ');
    const rest = text.slice(pos[0]);
    // The value goes on in the next line as if it were a key.
    const deeper = code === 'BLOCK_AS_IMPLICIT_KEY' && /^(?!\? |.*:\s).*\n\s*/.exec(rest);
    const [before = ''] = deeper || /^ */.exec(rest) || [];
    const words = deeper
      ? TOO_DEEP
      : NOT_VALID.find(([form]) => form.test(`${code} ${message}`))?.[1];
    return {
      offset: isOpen ? openQuote(contents, pos[0]) : pos[0] + before.length,
      path: [],
      message: SYNTAX[code] ?? `not valid YAML: ${words ?? message}`,
    };
  });
}

/** Where the quoted text begins that goes on to this offset. */
function openQuote(contents: Document['contents'], end: number): number {
  let offset = end;
  visit(contents, {
    Scalar: (_, { type, range }) => {
      if (type?.startsWith('QUOTE') && range && range[1] >= end) offset = range[0];
    },
  });
  return offset;
}

/** Where the value of this line begins if it begins with *: YAML reports it as an error later in the text. */
function unquotedStar(text: string, offset: number): number | undefined {
  const from = text.lastIndexOf('\n', offset - 1) + 1;
  const found = /^[^#'"]*?[:-][ \t]+(?=\*)/.exec(text.slice(from, offset + 1));
  return found ? from + found[0].length : undefined;
}

/** A reference would be one place of the file with several paths; a key that is a list or a map has no path. */
function unsupported(document: Document): Fault[] {
  const faults: Fault[] = [];
  visit(document, {
    Alias: (_, { range }) => {
      faults.push({ offset: range?.[0] ?? 0, path: [], message: STAR });
    },
    Pair: (_, { key }) => {
      const message = keyKindFault(key);
      if (message !== undefined) faults.push({ offset: offsetOf(key), path: [], message });
    },
  });
  return faults;
}

function keyKindFault(key: unknown): string | undefined {
  if (isCollection(key)) return 'a key must be text, not a list or a map';
  if (!isScalar(key) || key.value !== null) return undefined;
  return `YAML takes ${key.source || 'an empty key'} as no value; put it in quotes or write another key`;
}

function onePerLine(faults: readonly Fault[], lineOf: LineOf): Fault[] {
  const lines = new Map(faults.toReversed().map((fault) => [lineOf(fault.offset), fault]));
  return [...lines.values()];
}

function* keyFaults(node: unknown, path: Fault['path'], lineOf: LineOf): Generator<Fault> {
  if (isSeq(node)) {
    for (const [index, item] of node.items.entries())
      yield* keyFaults(item, [...path, index], lineOf);
  }
  if (!isMap(node)) return;
  const seen = new Map<string, number>();
  for (const { key, value } of node.items) {
    const name = keyText(key);
    const place = { offset: offsetOf(key), path: [...path, name] };
    const line = seen.get(name);
    if (line !== undefined)
      yield { ...place, message: `is already defined on line ${line}; write each key once` };
    else if (name === '__proto__') yield { ...place, message: 'cannot be a key' };
    seen.set(name, line ?? lineOf(place.offset));
    yield* keyFaults(value, place.path, lineOf);
  }
}

type LineOf = (offset: number) => number;

interface Place {
  readonly path: readonly PropertyKey[];
  /** Characters into the value. */
  readonly offset?: number;
  /** Means the last key of the path instead of its value. */
  readonly atKey?: boolean;
}

/** Offset of a text, or of the key of a list or map; of the nearest key above where there is no such place. */
function locate({ contents }: Document, text: string, { path, offset, atKey }: Place): number {
  let value: unknown = contents;
  let key: unknown = contents;
  for (const segment of path) {
    const pair = pairAt(value, String(segment));
    const item = isSeq(value) ? value.items[Number(segment)] : undefined;
    if (!pair && !item) return offsetOf(key);
    key = pair ? pair.key : item;
    value = pair ? pair.value : item;
  }
  const isEmpty = isScalar(value) && value.source === '' && value.type === 'PLAIN';
  if (atKey || !isScalar(value) || isEmpty) return offsetOf(key);
  return offsetOf(value) + textOffset(value, text, offset ?? 0);
}

/** A key as the content's property name. */
function keyText(key: unknown): string {
  return isScalar(key) ? String(key.value ?? '') : '';
}

function offsetOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}

/** The last of several equal keys is the one whose value counts. */
function pairAt(node: unknown, name: string): Pair | undefined {
  return isMap(node) ? node.items.findLast(({ key }) => keyText(key) === name) : undefined;
}

/** Quotes and block marks come before the first character of a value. */
function textOffset(node: unknown, text: string, offset: number): number {
  if (!isScalar(node) || !node.range || offset === 0) return 0;
  const written = text.slice(node.range[0], node.range[1]);
  const begin = written.indexOf(String(node.value));
  return begin < 0 ? 0 : begin + offset;
}
