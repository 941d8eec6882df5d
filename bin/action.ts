import { runAction } from '../lib/action/run-action.ts';
import { processIo } from '../lib/cli/io.ts';

process.exitCode = await runAction(processIo());
