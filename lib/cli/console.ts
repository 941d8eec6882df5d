import { Command } from '@commander-js/extra-typings';
import { loadTriggers } from '../config/load.ts';
import { type ConsoleOptions, serveConsole } from '../console/serve-console.ts';
import { type FileView, sourceOf } from '../console/source.ts';
import { newAccessKeyId } from '../local/server/aws-service.ts';
import { sendJson, serveLoopback } from '../local/server/http-server.ts';
import { deployedConfig } from '../stack/deployed-config.ts';
import type { Target } from '../target/target.ts';
import { connect, personAt } from './connect.ts';
import { textOf } from './next-change.ts';
import { wholeNumber } from './option-values.ts';
import { answer, type Session } from './program.ts';
import { stopSignal } from './stop-signal.ts';
import { readTriggersFile } from './triggers-file.ts';

const EXAMPLES = `
The address has a key behind the #, which is valid as long as this command runs:
who has it can start executions with your credentials. Where they may not invoke
the function command, the console only shows.

Examples:
  rtt console
  rtt console --stage staging
  rtt console --region eu-central-1 --port 8790
`;

/**
 * Serves a local run or a stack until a signal stops it; what a person does there is done in the name of the person
 * here. `--json` prints `{ url }`, with the access key behind the #.
 */
export function command(session: Session) {
  return new Command('console')
    .description(
      'Serves the console on 127.0.0.1, with your own AWS credentials; nothing is deployed for it.',
    )
    .option('--port <n>', 'address 127.0.0.1:N; 0 is any free one', wholeNumber(0, 65_535), 0)
    .addHelpText('after', EXAMPLES)
    .action(async ({ port }) => {
      const stopped = stopSignal();
      const target = await connect(session);
      const accessKey = newAccessKeyId();
      const handle = await serveConsole(consoleOf(target, accessKey, session));
      const server = await serveLoopback(async (request, response) => {
        const outcome = await handle(request, response);
        if (outcome === 'not-mine') sendJson(response, 404, { message: 'Not Found' });
      }, port);
      const url = `${server.url}/#key=${accessKey}`;
      answer(session, { url }, (style) => `${style('cyan', url)}\n`);
      session.io.stderr.write('Open it in a browser. Keep it to yourself. Ctrl-C stops.\n');
      await new Promise((resolve) => stopped.addEventListener('abort', resolve));
      await server.stop();
    });
}

/** The console of a target, for the person at this terminal. */
export function consoleOf(target: Target, accessKey: string, session: Session): ConsoleOptions {
  const { io, options } = session;
  const { now } = io.clock;
  const source = sourceOf(target, {
    now,
    typed: session.typed,
    file: () => fileView(target, session),
    ofFile() {
      const file = readTriggersFile(session);
      return { ...deployedConfig(file, options().stage), apiBaseUrl: file.api.baseUrl };
    },
  });
  return { source, accessKey, person: () => personAt(target, io), now };
}

function fileView(target: Target, { io, options, typed }: Session): FileView {
  const { triggers: path } = options();
  const loaded = loadTriggers(path, io.clock.now());
  const text = textOf(path);
  return {
    path,
    ...(text !== undefined && { text }),
    problems: loaded.ok ? loaded.warnings : loaded.problems,
    note:
      target.kind === 'local'
        ? IN_USE
        : `What is deployed may be an older one: ${typed('deploy --dry-run')} shows the difference.`,
  };
}

const IN_USE = 'The local run uses a change of it by itself, if nothing is wrong in it.';
