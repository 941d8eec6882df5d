import { Command } from '@commander-js/extra-typings';
import { type Remains, remainsOf } from '../deploy/remains.ts';
import { type RunCdk, runCdk } from '../deploy/run-cdk.ts';
import { InputError } from '../input-error.ts';
import { secretUses } from '../secret-uses.ts';
import { deployedConfig } from '../stack/deployed-config.ts';
import { outputsOf } from '../target/deployed-target.ts';
import { confirm } from './confirm.ts';
import { findAccount, withAssemblyOf } from './found-account.ts';
import { EXIT } from './io.ts';
import { answer, type Session } from './program.ts';
import type { Style } from './style.ts';
import { readTriggersFile } from './triggers-file.ts';

const EXAMPLES = `
The ledger, the secrets, the logs and the dead letters stay; it says how to use
the ledger again, and how to remove all of that.

Examples:
  rtt destroy
  rtt destroy --stage staging --triggers triggers.staging.yaml --yes

Exit codes: 0 removed, or nothing was done, 1 the CDK failed, 2 bad input
`;

/**
 * Reads the triggers file as well, for the names of secrets. `--json` prints what stays, before it asks.
 * @param cdk runs the CDK's command line.
 */
export function command(session: Session, cdk: RunCdk = runCdk) {
  return new Command('destroy')
    .description('Removes the deployed stack, after it has said what stays and has asked.')
    .option('--yes', 'remove without asking')
    .addHelpText('after', EXAMPLES)
    .action(async ({ yes }) => {
      const { io } = session;
      const file = readTriggersFile(session);
      const { account, stack, aws } = await findAccount(session);
      if (account.deployed === undefined) {
        throw new InputError(`The stack ${stack} is not deployed in ${account.region}`);
      }
      const names = secretUses(deployedConfig(file, session.options().stage)).map(
        ({ secret }) => secret,
      );
      const remains = remainsOf(await outputsOf(aws, stack), names);
      answer(session, remains, (style) => format(remains, style));
      if (!(await confirm(`Remove ${stack}?`, yes, io))) {
        io.stderr.write('Nothing was removed.\n');
        return;
      }
      await withAssemblyOf(file, session, async (assembly) => {
        const args = ['destroy', '--app', assembly, '--force', stack];
        io.exitCode = (await cdk(args, aws, io.environment)) === 0 ? EXIT.ok : EXIT.failed;
      });
    });
}

function format({ ledger, commands }: Remains, style: Style): string {
  const again =
    ledger === undefined
      ? ''
      : `To go on with the ledger, so that a new stack knows what this one started, write into the triggers file:\n  ledger: { table: ${ledger} }\n`;
  return `${style('bold', 'The ledger, the secrets, the logs and the dead letters stay.')}\n${again}To remove them as well:\n${commands.map((line) => `  ${line}\n`).join('')}`;
}
