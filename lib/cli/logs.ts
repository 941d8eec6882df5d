import { Command } from '@commander-js/extra-typings';
import { type LogEntry, readLogs } from '../target/logs.ts';
import { openService } from './connect.ts';
import { formatLogLine } from './log-format.ts';
import { readSince } from './option-values.ts';
import type { Session } from './program.ts';
import { styleFor } from './style.ts';
import { widthOf } from './table.ts';

const EXAMPLES = `
Examples:
  rtt logs
  rtt logs --firing last
  rtt logs --trigger nightly-regression --since 7d
  rtt logs --follow --json
`;

const FOLLOW_EVERY_MS = 2_000;
const DEFAULT_SINCE_MS = 3_600_000;
/** CloudWatch Logs gives a line late, and not always in order. */
const OVERLAP_MS = 30_000;

/**
 * Reads the log file of a local run or CloudWatch Logs, each line once. `--json` prints an object a line: `time`,
 * `source`, `line`. With `--follow` it ends with the process.
 */
export function command(session: Session) {
  return new Command('logs')
    .description('Shows the logs of the functions, oldest first; of the last hour by default.')
    .option('--since <time>', 'of the last 7d or 12h, or since 2026-11-24', readSince)
    .option('--trigger <name>', 'only about this trigger')
    .option('--firing <id>', 'only about this firing, as rtt show takes it, however old')
    .option('-f, --follow', 'go on with what is logged from now on')
    .addHelpText('after', EXAMPLES)
    .action(async ({ since, trigger, firing: reference, follow }) => {
      const { clock } = session.io;
      const { target, named, firing: find } = await openService(session);
      named(trigger);
      const firing = reference === undefined ? undefined : await find(reference);
      const now = clock.now();
      const begin = firing
        ? new Date(firing.recordedAt)
        : new Date(now.getTime() - DEFAULT_SINCE_MS);
      const filter = { trigger, firing: firing?.id };
      let from = since?.(now) ?? begin;
      const shown = new Set<string>();
      for (;;) {
        const entries = await readLogs(target, { ...filter, since: from });
        const fresh = entries.filter(({ id }) => !shown.has(id));
        print(fresh, session);
        for (const { id } of fresh) shown.add(id);
        if (!follow) break;
        const last = entries.at(-1)?.time ?? from;
        from = new Date(Math.max(from.getTime(), last.getTime() - OVERLAP_MS));
        await clock.sleep(FOLLOW_EVERY_MS);
      }
    });
}

function print(entries: readonly LogEntry[], { io: { stdout }, options }: Session): void {
  const style = styleFor(stdout);
  for (const { time, source, line } of entries) {
    const text = options().json
      ? JSON.stringify({ time, source, line })
      : formatLogLine({ source, line }, style, stdout.isTTY ? widthOf(stdout) : undefined);
    stdout.write(`${text}\n`);
  }
}
