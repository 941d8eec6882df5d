import { stringify } from 'yaml';

/** What the reference reads of a JSON Schema. */
interface Node {
  readonly description?: string;
  readonly default?: unknown;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly additionalProperties?: boolean | Node;
}

const HEAD = `# Configuration: every key of triggers.yaml

Written by \`npm run schema\` from [the JSON Schema](../lib/config/triggers.schema.json) and [the examples](every-key.yaml).
Do not edit this page.

A duration is a number with a unit: \`15 minutes\`, \`6 hours\`, \`1 day\`. An unknown key is an error.
`;

/**
 * docs/configuration.md: a table for each object of the JSON Schema of triggers.yaml.
 * @param examples a content of triggers.yaml with every key. Throws where one has no example or description.
 */
export function configurationReference(schema: Node, examples: unknown): string {
  return [HEAD, ...sectionsOf('', schema, [examples])].join('\n');
}

/** The table of this object, then those of the objects in it. `values`: the examples of it. */
function sectionsOf(path: string, object: Node, values: readonly unknown[]): string[] {
  const entries = Object.entries(propertiesOf(object)).map(([key, node]) => {
    const found = values.map((value) => Object(value)[key]).filter((value) => value !== undefined);
    return { key, node, found, at: path === '' ? key : `${path}.${key}` };
  });
  const rows = entries.map(({ key, node, found, at }) => {
    const facts = [code(key), allowed(node), standard(object, key, node)];
    return row([...facts, example(node, found, at), described(node, at)]);
  });
  const inner = entries.flatMap(({ node, found, at }) => {
    if (node.items && isObject(node.items)) return sectionsOf(`${at}[]`, node.items, found.flat());
    if (isObject(node)) return sectionsOf(at, node, found);
    const { additionalProperties: each } = node;
    if (typeof each !== 'object' || !isObject(each)) return [];
    return sectionsOf(
      `${at}.<name>`,
      each,
      found.flatMap((value) => Object.values(Object(value))),
    );
  });
  const title = path === '' ? 'The file' : `\`${path}\``;
  const head = [row(['key', 'value', 'default', 'example', 'meaning']), row(Array(5).fill('---'))];
  return [`## ${title}\n\n${[...head, ...rows].join('\n')}\n`, ...inner];
}

function isObject(node: Node): boolean {
  return Object.keys(propertiesOf(node)).length > 0;
}

function variantsOf({ anyOf, oneOf }: Node): readonly Node[] {
  return anyOf ?? oneOf ?? [];
}

/** The keys of all variants of an object; one that tells the variants apart has the values of all. */
function propertiesOf(object: Node): Record<string, Node> {
  const merged: Record<string, Node> = { ...object.properties };
  for (const { properties = {} } of variantsOf(object)) {
    for (const [key, node] of Object.entries(properties)) {
      const known = merged[key];
      if (!known) merged[key] = node.const === undefined ? node : { anyOf: [node] };
      else if (known.anyOf && node.const !== undefined) {
        merged[key] = { anyOf: [...known.anyOf, node] };
      }
    }
  }
  return merged;
}

function described(node: Node, path: string): string {
  const meanings = variantsOf(node).flatMap(({ const: value, description }) =>
    description === undefined ? [] : `\`${value}\`: ${description}`,
  );
  const own = node.description ?? meanings.join(' ');
  if (own.trim() === '') throw new Error(`${path} has no description in the schema`);
  return own.replaceAll(/[<*|]/g, '\\$&');
}

function allowed(node: Node): string {
  const variants = variantsOf(node);
  if (isObject(node)) return 'keys below';
  if (variants.length > 0) return variants.map(allowed).join(', ');
  if (node.const !== undefined) return code(node.const);
  if (node.enum) return node.enum.map(code).join(', ');
  if (node.items)
    return isObject(node.items) ? 'list, keys below' : `list of ${allowed(node.items)}`;
  if (node.type === 'boolean') return '`true`, `false`';
  if (node.type === 'integer') return `whole number${range(node)}`;
  if (node.type === 'number') return `number${range(node)}`;
  return node.type === 'object' ? 'by name' : 'text';
}

function range({ minimum, maximum }: Node): string {
  if (minimum === undefined) return '';
  return maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER
    ? ` from ${minimum}`
    : ` ${minimum} to ${maximum}`;
}

function standard(object: Node, key: string, node: Node): string {
  if (!isObject(node) && node.default !== undefined) {
    return node.default === '' ? '–' : code(node.default);
  }
  if (object.required?.includes(key)) return '**required**';
  const variants = variantsOf(object);
  const withKey = variants.filter(({ required }) => required?.includes(key));
  if (withKey.length === 0) return '–';
  return withKey.length === variants.length ? '**required**' : among(variants, withKey);
}

/** The value that tells a variant from the others: of `verify` or `kind`. */
function kindOf({ properties = {} }: Node): unknown[] {
  return Object.values(properties).flatMap(({ const: value }) => value ?? []);
}

/** When a key is required that only some variants require: with one kind or all but one, or as one of several keys. */
function among(variants: readonly Node[], withKey: readonly Node[]): string {
  const [kind, ...more] = withKey.flatMap(kindOf);
  if (kind !== undefined && more.length === 0) return `**required** with ${code(kind)}`;
  if (kind !== undefined) {
    const others = variants.filter((variant) => !withKey.includes(variant)).flatMap(kindOf);
    return `**required** except with ${others.map(code).join(', ')}`;
  }
  const keys = variants.flatMap(({ required = [] }) => required);
  return `**required**: one of ${keys.map(code).join(', ')}`;
}

function example(node: Node, [value]: readonly unknown[], path: string): string {
  if (value === undefined) throw new Error(`docs/every-key.yaml has no example of ${path}`);
  const isInTables = isObject(node) || (node.items && isObject(node.items));
  const isMap =
    typeof node.additionalProperties === 'object' && isObject(node.additionalProperties);
  return isInTables || isMap ? '' : code(value);
}

function code(value: unknown): string {
  return `\`${stringify(value, { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: false }).trim()}\``;
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
