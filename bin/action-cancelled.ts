import { afterCancel } from '../lib/action/after-cancel.ts';
import { processIo } from '../lib/cli/io.ts';

process.exitCode = await afterCancel(processIo());
