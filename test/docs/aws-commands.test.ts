import { globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url).pathname;
const require = createRequire(import.meta.url);

/** The SDK's client of a service of the AWS CLI, where their names differ. */
const CLIENTS: Readonly<Record<string, string>> = {
  events: 'eventbridge',
  logs: 'cloudwatch-logs',
  secretsmanager: 'secrets-manager',
};
/** Services whose client is not installed: the options of their operations. */
const WITHOUT_CLIENT: Readonly<Record<string, readonly string[]>> = {
  'cloudwatch describe-alarms': ['alarmnames'],
  'scheduler get-schedule': ['groupname', 'name'],
};
/** Options that the AWS CLI calls otherwise than the API. */
const RENAMED: Readonly<Record<string, string>> = {
  'sns subscribe --notification-endpoint': 'endpoint',
};
/** What a waiter asks. */
const WAITS: Readonly<Record<string, string>> = { 'wait table-exists': 'describe-table' };
/** Version 2 alone has --no-cli-pager and --cli-binary-format. */
const OF_BOTH_VERSIONS = ['query', 'output', 'region', 'profile'];
/** Version 1 replaces a value that is a URL by what it reads there, except these (paramfile.py of awscli). */
const TAKES_URL = /^sqs [a-z-]+ --queue-url$|^sns subscribe --notification-endpoint$/;
/** An answer with a longer structure fills a screen, and the pager of version 2 takes the keys of what is pasted next. */
const MOST_MEMBERS = 15;
/** Kinds of schemas in the SDK; a blob comes whole or as a stream. */
const STRUCTURE = 3;
const BLOBS = [21, 42];

interface AwsCommand {
  readonly service: string;
  readonly operation: string;
  readonly options: readonly { readonly name: string; readonly value: string }[];
}

function awsCommands(): AwsCommand[] {
  const files = globSync(['*.md', 'docs/**/*.md', 'lib/**/*.ts', 'lambda/**/*.ts'], { cwd: root });
  return files.flatMap((file) => {
    const lines = readFileSync(join(root, file), 'utf8').replaceAll('\\\n', ' ');
    const commands = lines.matchAll(/\baws ([a-z]+) ((?:wait )?[a-z-]+)((?:(?!\baws )[^`\n])*)/g);
    return [...commands].map(([, service = '', operation = '', rest = '']) => ({
      service,
      operation,
      options: [...rest.matchAll(/--([a-z-]+)(?:[ =]("[^"]*"|'[^']*'|(?!--)\S+))?/g)].map(
        ([, name = '', value = '']) => ({ name, value }),
      ),
    }));
  });
}

/** Members of a structure of the SDK: their names in lower case, with their schemas. */
function membersOf(schema: unknown): Map<string, unknown> {
  const [kind, , , , names, schemas] = Array.isArray(schema) ? schema : [];
  if (kind !== STRUCTURE) return new Map();
  return new Map(names.map((name: string, index: number) => [name.toLowerCase(), schemas[index]]));
}

/** A schema that refers to another one is a function, or has it as its first item. */
function resolved(schema: unknown): unknown {
  const [first] = Array.isArray(schema) ? schema : [schema];
  return typeof first === 'function' ? first() : schema;
}

function isBlob(schema: unknown): boolean {
  const found = resolved(schema);
  return BLOBS.includes(Array.isArray(found) ? found.at(-1) : found);
}

/** What one of the two versions would not do. */
function faultsOf({ service, operation, options }: AwsCommand): string[] {
  const known = WITHOUT_CLIENT[`${service} ${operation}`];
  const { input, output } = known
    ? { input: new Map(known.map((name) => [name, undefined])), output: new Map() }
    : operationOf(service, operation);
  const faults = options.flatMap(({ name, value }) => {
    if (OF_BOTH_VERSIONS.includes(name)) return [];
    const called = RENAMED[`${service} ${operation} --${name}`] ?? name;
    const member = [called, called.replace(/^no-/, '')]
      .map((each) => each.replaceAll('-', ''))
      .find((each) => input.has(each));
    if (member === undefined) return [`${service} ${operation} has no --${name}`];
    if (isBlob(input.get(member)) && !value.startsWith('fileb://'))
      return [`${name}: not fileb://`];
    const isUrl = /url$|endpoint$/.test(name) || /^["']?https?:/.test(value);
    return isUrl && !TAKES_URL.test(`${service} ${operation} --${name}`)
      ? [`version 1 would fetch the URL of --${name}`]
      : [];
  });
  const longest = Math.max(0, ...[...output.values()].map((each) => membersOf(each).size));
  const isShortened = options.some(({ name }) => name === 'query');
  const isSilent = operation in WAITS || options.length === 0;
  return longest > MOST_MEMBERS && !isSilent && !isShortened
    ? [...faults, `${service} ${operation} fills a screen: --query`]
    : faults;
}

function operationOf(service: string, asked: string) {
  const client: Record<string, unknown> = require(`@aws-sdk/client-${CLIENTS[service] ?? service}`);
  const operation = WAITS[asked] ?? asked;
  const wanted = `${operation.replaceAll('-', '')}command`;
  const [, Command] = Object.entries(client).find(([name]) => name.toLowerCase() === wanted) ?? [];
  if (typeof Command !== 'function') throw new Error(`There is no aws ${service} ${operation}`);
  const [, , , , input, output] = Reflect.construct(Command, [{}]).schema;
  const answer = membersOf(resolved(output));
  return {
    input: membersOf(resolved(input)),
    output: new Map([...answer].map(([name, schema]) => [name, resolved(schema)])),
  };
}

test('every AWS CLI command that is documented or printed works with version 1 and version 2', () => {
  const commands = awsCommands().filter(({ service }) => !['configure', 'sso'].includes(service));
  expect(commands.length).toBeGreaterThan(15);
  expect(commands.flatMap(faultsOf)).toEqual([]);
});
