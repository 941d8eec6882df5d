import { afterCancel } from '../lib/action/after-cancel.ts';
import { processIo } from '../lib/cli/process-io.ts';

process.exitCode = await afterCancel(processIo());
