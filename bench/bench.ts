import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { currentBuild } from '../lib/build.ts';

const PAGE = join(import.meta.dirname, '../docs/benchmarks.md');

/** Each section of the page, measured in a process of its own: none pays for what another has loaded. */
const SECTIONS: Readonly<Record<string, () => Promise<string>>> = {
  'cold-start': async () => (await import('./cold-start.ts')).coldStart(),
  warm: async () => (await import('./warm.ts')).warm(),
  requests: async () => (await import('./requests.ts')).requests(),
  verification: async () => (await import('./verification.ts')).verification(),
  burst: async () => (await import('./burst.ts')).burst(),
  'many-triggers': async () => (await import('./many-triggers.ts')).manyTriggers(),
  'idle-sweep': async () => (await import('./idle-sweep.ts')).idleSweep(),
  listing: async () => (await import('./listing.ts')).listing(),
  backlog: async () => (await import('./backlog.ts')).backlog(),
  console: async () => (await import('./console.ts')).consoleView(),
  cost: async () => (await import('./cost.ts')).cost(),
};

const [first, ...others] = process.argv.slice(2);
if (first === '--section') {
  const section = SECTIONS[others[0] ?? ''];
  if (!section) throw new Error(`There is no section ${others[0]}`);
  process.stdout.write(await section());
  process.exit(0);
}
const wanted = first === undefined ? Object.keys(SECTIONS) : [first, ...others];
const unknown = wanted.find((name) => !Object.hasOwn(SECTIONS, name));
if (unknown !== undefined) {
  throw new Error(`There is no section ${unknown}. Sections: ${Object.keys(SECTIONS).join(', ')}`);
}
for (const name of wanted) {
  process.stderr.write(`${name} …\n`);
  const args = [import.meta.filename, '--section', name];
  const text = execFileSync(process.execPath, args, {
    encoding: 'utf8',
    maxBuffer: 1e8,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  writeFileSync(PAGE, withSection(readFileSync(PAGE, 'utf8'), name, `${text}\n\n${measuredOn()}`));
}

/** The page with this section written anew, between its two comments. Throws where they are missing. */
function withSection(page: string, name: string, text: string): string {
  const begin = `<!-- npm run bench -- ${name} -->`;
  const [before, rest] = page.split(begin);
  const end = rest?.indexOf('<!-- end -->') ?? -1;
  if (before === undefined || rest === undefined || end < 0) {
    throw new Error(`docs/benchmarks.md has no ${begin} … <!-- end -->`);
  }
  return `${before}${begin}\n\n${text}\n\n${rest.slice(end)}`;
}

function measuredOn(): string {
  const [cpu] = cpus();
  const gb = (totalmem() / 2 ** 30).toFixed(0);
  const day = new Date().toISOString().slice(0, 10);
  return `*${day}, ${currentBuild()}, Node ${process.versions.node}, aws-cdk-lib ${versionOf('aws-cdk-lib')}, esbuild ${versionOf('esbuild')}, ${process.platform} ${process.arch}, ${cpus().length} × ${cpu?.model.trim()}, ${gb} GB.*`;
}

function versionOf(name: string): string {
  const file = join(import.meta.dirname, '../node_modules', name, 'package.json');
  return JSON.parse(readFileSync(file, 'utf8')).version;
}
