import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadTriggers } from '../config/load.ts';
import { formatProblems } from '../config/problem.ts';
import type { TriggersFile } from '../config/schema.ts';
import { withAssembly } from '../stack/synthesize.ts';
import { costPage } from './cost-page.ts';
import { countStack, type StackCounts } from './stack-counts.ts';

const root = new URL('../../', import.meta.url).pathname;
const page = join(root, 'docs/cost.md');
const now = new Date();
const loaded = loadTriggers(join(root, 'triggers.yaml'), now);
if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
const { config } = loaded;
const monitoring = { alarms: 'all', dashboard: true, heartbeat: 'heartbeat' } as const;
const everything = await countsOf({ ...config, monitoring });
writeFileSync(page, costPage(readFileSync(page, 'utf8'), await countsOf(config), everything));

function countsOf(file: TriggersFile): Promise<StackCounts> {
  return withAssembly({ config: file, now }, (_, template) => countStack(template, file));
}
