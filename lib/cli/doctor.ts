import { Command } from '@commander-js/extra-typings';
import type { DeployedConfig } from '../../lambda/config/deployed-config.ts';
import { accountChecks } from '../deploy/account-checks.ts';
import type { Setup } from '../doctor/diagnose.ts';
import { judgeSecret, secretUses } from '../secret-uses.ts';
import { ledgerOf } from '../target/ledger.ts';
import { getSecret } from '../target/secret.ts';
import { unconfirmedSubscriptions } from '../target/subscriptions.ts';
import type { Target } from '../target/target.ts';
import { type Admission, readAdmissions } from '../views/admissions.ts';
import { apiChecks, type Check, report } from './checks.ts';
import { findAccount, withAssemblyOf } from './found-account.ts';
import { ledgerChecks } from './ledger-checks.ts';
import { pausedText, resumeOf } from './pause.ts';
import type { Session } from './program.ts';
import { type FoundSetup, findSetup, setupOf } from './setup.ts';
import { readTriggersFile } from './triggers-file.ts';

const EXAMPLES = `
Checks the deployed service with its own key or, if FI_API_KEY is set, the
triggers file with that key. Nothing is started, and nothing costs money.

Examples:
  rtt doctor
  rtt doctor --stage staging
  FI_API_KEY=… rtt doctor
  rtt doctor --deploy               before a deployment: the AWS account

Exit codes: 0 all is well, 1 something needs to be done
`;

/**
 * Reads only: a local run or stack and its API or, with FI_API_KEY, the triggers file and that API; with `--deploy`,
 * the AWS account. `--json` prints an array of `Check`.
 */
export function command(session: Session) {
  return new Command('doctor')
    .description('Checks everything that a firing needs and says what to do about each problem.')
    .addHelpText('after', EXAMPLES)
    .option('--deploy', 'check instead what a deployment of the triggers file needs')
    .action(async ({ deploy }) => {
      if (!deploy) return report(await checksOf(await findSetup(session), session), session);
      const file = readTriggersFile(session);
      const { account } = await findAccount(session);
      await withAssemblyOf(file, session, async (_, template) => {
        report(accountChecks(account, template), session);
      });
    });
}

/** Prints whether what is deployed there would work. */
export async function reportDeployed(target: Target, session: Session): Promise<void> {
  report(await checksOf(await setupOf(target, session), session), session);
}

/** Where the deployed API key has no value, nothing can be asked of the server. */
async function checksOf({ setup, deployed }: FoundSetup, session: Session): Promise<Check[]> {
  if (!deployed) return apiChecks(setup);
  const { target, config } = deployed;
  const [apiKey] = secretUses(setup.config);
  const missing = apiKey && { what: apiKey.of, ...judgeSecret(apiKey, undefined, session.typed) };
  const checks = await Promise.all([
    missing && setup.secretValue === '' ? [missing] : apiChecks(setup),
    ledgerChecks(ledgerOf(target), target.ledgerTable, session),
    secretChecks(config, target, session),
    admissionChecks(config, target, session),
    subscriptionChecks(target),
  ]);
  return checks.flat();
}

/** A key that can be read says nothing yet: the checks of the server do. */
async function secretChecks(config: Setup['config'], target: Target, session: Session) {
  const [, ...others] = secretUses(config);
  return Promise.all(
    others.map(async (use) => {
      const value = await getSecret(target, use.secret);
      return { what: use.of, ...judgeSecret(use, value, session.typed) };
    }),
  );
}

async function admissionChecks(config: DeployedConfig, target: Target, session: Session) {
  const names = Object.keys(config.triggers);
  const now = session.io.clock.now();
  const admissionOf = await readAdmissions(names, config, now, ledgerOf(target));
  return [undefined, ...names].flatMap((name): Check[] => {
    const { pause, budget } = admissionOf(name);
    const what = name ?? 'every trigger';
    const resume = resumeOf(name, session);
    const paused = pause && { what, found: pausedText(pause), ok: false, command: resume };
    return [...(paused ? [paused] : []), ...budgetChecks(what, budget)];
  });
}

/** A budget that is spent skips every firing until its day or month is over. */
function budgetChecks(what: string, budget: Admission['budget']): Check[] {
  return budget
    .filter(({ spent, limit }) => spent >= limit)
    .map(({ spent, limit, unit, period }) => ({
      what,
      found: `budget: ${spent} of ${limit} ${unit} of ${period} are spent, so firings are skipped; raise budget in triggers.yaml, or wait`,
      ok: false,
    }));
}

/** An address that has not confirmed gets nothing. A local run has no subscriptions. */
async function subscriptionChecks(target: Target): Promise<Check[]> {
  const pending = await unconfirmedSubscriptions(target);
  return pending.map((endpoint) => ({
    what: 'messages',
    found: `${endpoint} has not confirmed its subscription and gets nothing: look for the e-mail of AWS Notifications, or deploy again so that AWS sends it once more`,
    ok: false,
  }));
}
