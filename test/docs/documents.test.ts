import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { rtt } from '../support/terminal.ts';

const root = new URL('../../', import.meta.url).pathname;
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const DOCUMENTS = ['README.md', 'CHANGELOG.md', ...globSync('docs/*.md', { cwd: root })].toSorted();

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

test('README explains every log event that there is, and no other', () => {
  const [, events = ''] =
    /const LEVELS = \{([\s\S]*?)\n\}/.exec(read('lambda/runtime/log.ts')) ?? [];
  const known = [...events.matchAll(/^ {2}(\w+):/gm)].map(([, event]) => event);
  const [, section = ''] = read('README.md').split('\n## What the log says\n');
  const cells = [...(section.split('\n## ')[0] ?? '').matchAll(/^\|([^|]*)\|/gm)];
  const explained = cells.flatMap(([, cell = '']) => cell.match(/\w+_\w+|duplicate/g) ?? []);
  expect(explained.toSorted()).toEqual(known.toSorted());
  const code = globSync('lambda/**/*.ts', { cwd: root })
    .filter((file) => file !== 'lambda/runtime/log.ts')
    .map(read)
    .join('\n');
  expect(known.filter((event) => !code.includes(`'${event}'`))).toEqual([]);
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
