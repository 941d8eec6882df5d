import { execFile, spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
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

const CDK_LINES = DOCUMENTS.flatMap(shellIn).flatMap((block) => [
  ...block.matchAll(/npx cdk (\w+)([^\n]*)/g),
]);

test.concurrent.each(['bootstrap', 'deploy', 'destroy', 'diff'])(
  'cdk %s has every option that a document names',
  async (command) => {
    const uses = CDK_LINES.filter(([, name]) => name === command);
    const options = uses.flatMap(([, , rest = '']) => rest.match(/(?<= )--?[a-z-]+/g) ?? []);
    const cdk = `${root}node_modules/.bin/cdk`;
    const { stdout } = await promisify(execFile)(cdk, [command, '--help']);
    expect(stdout).toContain(`cdk ${command}`);
    expect(options.filter((option) => !new RegExp(`${option}[ ,]`).test(stdout))).toEqual([]);
  },
);

test('documents name no other cdk command', () => {
  const named = new Set(CDK_LINES.map(([, name]) => name));
  expect([...named].toSorted()).toEqual(['bootstrap', 'deploy', 'destroy', 'diff']);
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
