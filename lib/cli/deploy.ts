import { Command } from '@commander-js/extra-typings';
import type { TriggersFile } from '../config/schema.ts';
import { accountChecks } from '../deploy/account-checks.ts';
import { type AccountFacts, planOf } from '../deploy/plan.ts';
import { type RunCdk, runCdk } from '../deploy/run-cdk.ts';
import { type SecretUse, secretUses } from '../secret-uses.ts';
import { deployedConfig } from '../stack/deployed-config.ts';
import { deployedTarget } from '../target/deployed-target.ts';
import { hasValue } from '../target/secret.ts';
import { formatChecks } from './checks.ts';
import { confirm } from './confirm.ts';
import { reportDeployed } from './doctor.ts';
import {
  type FoundAccount,
  findAccount,
  findAccountIfAny,
  withAssemblyOf,
} from './found-account.ts';
import { EXIT } from './io.ts';
import { formatPlan } from './plan-text.ts';
import { answer, type Session } from './program.ts';
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
  rtt deploy --dry-run              only shows; needs no AWS account
  rtt deploy --yes                  for CI: asks nothing

Exit codes: 0 deployed and all is well, 1 something needs to be done, 2 bad
input
`;

/**
 * Changes the stack and the values of secrets that have none; `--dry-run` only reads, the account where it can. `--json`
 * prints the plan of a dry run, and after a deployment an array of `Check`.
 * @param cdk runs the CDK's command line.
 * @param withAssembly synthesizes.
 */
export function command(session: Session, cdk: RunCdk = runCdk, withAssembly = withAssemblyOf) {
  return new Command('deploy')
    .description('Deploys the triggers file, after it has shown what that means and has asked.')
    .option('--yes', 'deploy without asking')
    .option('--dry-run', 'show the plan and deploy nothing')
    .addHelpText('after', EXAMPLES)
    .action(async ({ yes, dryRun }) =>
      dryRun ? showPlan(session, withAssembly) : deployPlanned(session, cdk, withAssembly, yes),
    );
}

async function deployPlanned(
  session: Session,
  cdk: RunCdk,
  withAssembly: typeof withAssemblyOf,
  yes: true | undefined,
): Promise<void> {
  const { io } = session;
  const file = readTriggersFile(session);
  const found = await findAccount(session);
  const { stack, aws } = found;
  await withAssembly(file, session, async (assembly, template) => {
    if (!checked(found, template, session)) return;
    const { plan, missing } = await planned(found, file, template, session);
    // What is deployed then is the answer; a plan that somebody is asked about is for people.
    const out = session.options().json ? io.stderr : io.stdout;
    out.write(formatPlan(plan, styleFor(out), session.typed));
    if (!(await confirm('Deploy this?', yes, io))) {
      io.stderr.write('Nothing was deployed.\n');
      return;
    }
    const args = ['deploy', '--app', assembly, '--require-approval', 'never', stack];
    if ((await cdk(args, aws, io.environment)) !== 0) {
      io.stderr.write('The deployment failed: the lines above say why. Nothing else was done.\n');
      io.exitCode = EXIT.failed;
      return;
    }
    const target = await deployedTarget(session.options(), () => {});
    for (const use of missing) await askForSecret(use, target, session);
    await reportDeployed(target, session);
  });
}

/** Shows the plan with what the account tells; without credentials or region, what the file alone tells. */
async function showPlan(session: Session, withAssembly: typeof withAssemblyOf): Promise<void> {
  const file = readTriggersFile(session);
  const found = await findAccountIfAny(session);
  await withAssembly(file, session, async (_, template) => {
    if ('account' in found) checked(found, template, session);
    else
      session.io.stderr.write(
        `The AWS account was not looked at. ${found.why}\nThis plan is what the file alone tells: bootstrap and concurrency are not checked\n`,
      );
    const { plan } = await planned(found, file, template, session);
    answer(session, plan, (style) => formatPlan(plan, style, session.typed));
  });
}

/** Prints what a deployment needs, and says whether it is all there. */
function checked({ account }: FoundAccount, template: unknown, { io }: Session): boolean {
  const checks = accountChecks(account, template);
  io.stderr.write(formatChecks(checks, styleFor(io.stderr)));
  const isReady = checks.every(({ ok }) => ok);
  if (!isReady) io.exitCode = EXIT.failed;
  return isReady;
}

/** The plan, and the secrets that have no value; without an account, what the file alone tells. */
async function planned(
  found: FoundAccount | { readonly stack: string },
  file: TriggersFile,
  template: unknown,
  { io, options }: Session,
) {
  const uses = secretUses(deployedConfig(file, options().stage));
  const secrets = uses.map(({ secret }) => secret);
  const planWith = (facts?: AccountFacts) =>
    planOf(found.stack, file, template, secrets, facts, io.clock.now());
  if (!('account' in found)) return { plan: planWith(), missing: [] };
  const missing = await missingOf(uses, found.aws);
  const missingSecrets = missing.map(({ secret }) => secret);
  return { plan: planWith({ deployed: found.account.deployed, missingSecrets }), missing };
}

async function missingOf(uses: readonly SecretUse[], aws: object): Promise<SecretUse[]> {
  const target = { client: () => aws };
  const found = await Promise.all(uses.map(({ secret }) => hasValue(target, secret)));
  return uses.filter((_, index) => found[index] === false);
}
