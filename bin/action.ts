import { runAction } from '../lib/action/run-action.ts';
import { processIo } from '../lib/cli/process-io.ts';

process.exitCode = await runAction(processIo());
