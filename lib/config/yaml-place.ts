import { type Document, isMap, isNode, isScalar, isSeq, type Pair } from 'yaml';

export interface Place {
  readonly path: readonly PropertyKey[];
  /** Characters into the value. */
  readonly offset?: number;
  /** Means the last key of the path instead of its value. */
  readonly atKey?: boolean;
}

/** Offset of a text, or of the key of a list or map; of the nearest key above where there is no such place. */
export function locate(
  { contents }: Document,
  text: string,
  { path, offset, atKey }: Place,
): number {
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
export function keyText(key: unknown): string {
  return isScalar(key) ? String(key.value ?? '') : '';
}

export function offsetOf(node: unknown): number {
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
