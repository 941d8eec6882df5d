import { Command } from '@commander-js/extra-typings';
import { accountChecks } from '../deploy/account-checks.ts';
import { planOf } from '../deploy/plan.ts';
import { type RunCdk, runCdk } from '../deploy/run-cdk.ts';
import { type SecretUse, secretUses } from '../secret-uses.ts';
import { deployedConfig } from '../stack/deployed-config.ts';
import { deployedTarget } from '../target/deployed-target.ts';
import { hasValue } from '../target/secret.ts';
import { formatChecks } from './checks.ts';
import { confirm } from './confirm.ts';
import { reportDeployed } from './doctor.ts';
import { findAccount, withAssembly } from './found-account.ts';
import { EXIT } from './io.ts';
import { formatPlan } from './plan-text.ts';
import { answer, type Session, typed } from './program.ts';
import { askForSecret } from './secret.ts';
import { styleFor } from './style.ts';
import { readTriggersFile } from './triggers-file.ts';

const EXAMPLES = `
Checks the account, shows what would fire, change and cost, and asks. Then the
CDK deploys, each secret without a value is asked for, and rtt doctor looks at
what is deployed.

Examples:
  rtt deploy
  rtt deploy --stage staging --triggers triggers.staging.yaml
  rtt deploy --yes                  for CI: asks nothing

Exit codes: 0 deployed and all is well, 1 something needs to be done, 2 bad
input
`;

/** @param cdk runs the CDK's command line. */
export function deployCommand(session: Session, cdk: RunCdk = runCdk) {
  return new Command('deploy')
    .summary('show the plan, ask, and deploy the stack')
    .description('Deploys the triggers file, after it has shown what that means and has asked.')
    .option('--yes', 'deploy without asking')
    .addHelpText('after', EXAMPLES)
    .action(async ({ yes }) => {
      const { io } = session;
      const file = readTriggersFile(session);
      const { account, stack, aws } = await findAccount(session);
      const uses = secretUses(deployedConfig(file, session.options().stage));
      await withAssembly(file, session, async (assembly, template) => {
        const checks = accountChecks(account, template);
        io.stderr.write(formatChecks(checks, styleFor(io.stderr)));
        if (!checks.every(({ ok }) => ok)) {
          io.exitCode = EXIT.failed;
          return;
        }
        const missing = await missingOf(uses, aws);
        const templates = { deployed: account.deployed, next: template };
        const names = missing.map(({ secret }) => secret);
        const plan = planOf(stack, file, templates, names, io.clock.now());
        answer(session, plan, (style) => formatPlan(plan, style, (words) => typed(session, words)));
        if (!(await confirm('Deploy this?', yes, io))) {
          io.stderr.write('Nothing was deployed.\n');
          return;
        }
        const args = ['deploy', '--app', assembly, '--require-approval', 'never', stack];
        if ((await cdk(args, aws, io.environment)) !== 0) {
          io.stderr.write(
            'The deployment failed: the lines above say why. Nothing else was done.\n',
          );
          io.exitCode = EXIT.failed;
          return;
        }
        const target = await deployedTarget(session.options(), () => {});
        for (const use of missing) await askForSecret(use, target, session);
        await reportDeployed(target, session);
      });
    });
}

async function missingOf(uses: readonly SecretUse[], aws: object): Promise<SecretUse[]> {
  const target = { client: () => aws };
  const found = await Promise.all(uses.map(({ secret }) => hasValue(target, secret)));
  return uses.filter((_, index) => found[index] === false);
}
