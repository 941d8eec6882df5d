import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { EVENT_KINDS } from '../../lambda/firing/event-kind.ts';
import { rtt } from '../support/terminal.ts';

const root = new URL('../../', import.meta.url).pathname;
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const DOCUMENTS = globSync(['*.md', 'docs/**/*.md'], { cwd: root }).toSorted();

/** As GitHub names the place of a heading. */
function anchorOf(heading: string): string {
  const text = heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '');
  return text.trim().replaceAll(' ', '-');
}

function anchorsIn(file: string): string[] {
  return [...read(file).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading));
}

test.each(DOCUMENTS)('every link of %s leads somewhere', (document) => {
  const links = [...read(document).matchAll(/\]\(([^)\s]+)\)/g)].map(([, href = '']) => href);
  const broken = links
    .filter((href) => !/^https?:/.test(href))
    .filter((href) => {
      const [path = '', anchor] = href.split('#');
      const file = path === '' ? document : join(dirname(document), path);
      if (!existsSync(join(root, file))) return true;
      return anchor !== undefined && !anchorsIn(file).includes(anchor);
    });
  expect(broken).toEqual([]);
});

/** What stands in shell blocks, and in code spans that are a command. */
function shellIn(document: string): string[] {
  const text = read(document);
  const blocks = [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
  const spans = text.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/`((?:npx|npm) [^`]+)`/g);
  return [...blocks, ...[...spans].map(([, span = '']) => span)];
}

test.each(DOCUMENTS)('bash can read every command of %s', (document) => {
  const input = shellIn(document).join('\n');
  expect(`${spawnSync('bash', ['-n'], { input }).stderr}`).toBe('');
});

test.each(DOCUMENTS)('every npm script that %s names exists', (document) => {
  const { scripts } = JSON.parse(read('package.json'));
  const named = shellIn(document).flatMap((block) => [
    ...block.matchAll(/npm (?:run )?(start|test|(?<=run )[\w:-]+)/g),
  ]);
  expect(named.map(([, name = '']) => name).filter((name) => !(name in scripts))).toEqual([]);
});

test('every cdk command and option that a document names exists', () => {
  const lines = DOCUMENTS.flatMap(shellIn).flatMap((block) => [
    ...block.matchAll(/npx cdk (\w+)([^\n]*)/g),
  ]);
  expect(lines.length).toBeGreaterThan(3);
  // What `cdk --help` is made from, which takes seconds to ask.
  const { commands, globalOptions } = JSON.parse(
    read('node_modules/aws-cdk/lib/cli/cli-type-registry.json'),
  );
  const unknown = lines.filter(([, name = '', rest = '']) => {
    const options = rest.match(/(?<= )-c |(?<= --)[a-z-]+/g) ?? [];
    const known = { ...commands[name]?.options, ...globalOptions, '-c ': globalOptions.context };
    return !(name in commands) || !options.every((option) => option in known);
  });
  expect(unknown.map(([line]) => line)).toEqual([]);
});

/** Command lines in code spans and code blocks: the words up to what ends one. */
function commandsIn(document: string): string[] {
  return [...read(document).matchAll(/npx rtt ([^`#\n|…]+)/g)].map(([, words = '']) =>
    words.trim(),
  );
}

test.each(DOCUMENTS.filter((document) => commandsIn(document).length > 0))(
  'every command that %s names exists, with its options',
  async (document) => {
    const unknown: string[] = [];
    for (const line of new Set(commandsIn(document))) {
      const [name = '', second = ''] = line.split(' ');
      if (name === 'COMMAND') continue;
      const { code, stdout } = await rtt([name, ...(name === 'secret' ? [second] : []), '--help']);
      const options = line.match(/--[a-z-]+/g) ?? [];
      if (code !== 0 || !options.every((option) => stdout.includes(`${option} `)))
        unknown.push(line);
    }
    expect(unknown).toEqual([]);
  },
);

test('docs/events.md has each event kind, with its detail type and whether people are told of it', () => {
  const rows = read('docs/events.md').matchAll(/^\| `(\w+)` \| (\w+ [\w ]+) \| .* \|(.*)\|$/gm);
  expect([...rows].map(([, kind, type, told]) => [kind, type, told?.trim()])).toEqual(
    Object.entries(EVENT_KINDS).map(([kind, { detailType, isToldByDefault }]) => [
      kind,
      detailType,
      isToldByDefault ? 'yes' : '',
    ]),
  );
});
