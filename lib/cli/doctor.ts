import { Command } from '@commander-js/extra-typings';
import type { DeployedConfig } from '../../lambda/config/deployed-config.ts';
import { readPause } from '../../lambda/policies/pause.ts';
import { accountChecks } from '../deploy/account-checks.ts';
import { diagnose, type Setup } from '../doctor/diagnose.ts';
import { judgeSecret, secretUses } from '../doctor/secret-uses.ts';
import { ledgerOf } from '../target/ledger.ts';
import { getSecret } from '../target/secret.ts';
import type { Target } from '../target/target.ts';
import { type Check, report, serverChecks, triggerChecks } from './checks.ts';
import { findAccount, withAssembly } from './found-account.ts';
import type { Session } from './program.ts';
import { findSetup, setupOf } from './setup.ts';
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

export function doctorCommand(session: Session) {
  return new Command('doctor')
    .summary('check key, server, triggers and webhooks')
    .description('Checks everything that a firing needs and says what to do about each problem.')
    .addHelpText('after', EXAMPLES)
    .option('--deploy', 'check instead what a deployment of the triggers file needs')
    .action(async ({ deploy }) => {
      if (deploy) return reportAccount(session);
      const { setup, target } = await findSetup(session);
      report(await checksOf(setup, target, session), session);
    });
}

/** Prints what is wrong with what is deployed there. */
export async function reportDeployed(target: Target, session: Session): Promise<void> {
  report(await checksOf(await setupOf(target), target, session), session);
}

async function reportAccount(session: Session): Promise<void> {
  const file = readTriggersFile(session);
  const { account } = await findAccount(session);
  await withAssembly(file, session, async (_, template) => {
    report(accountChecks(account, template), session);
  });
}

/** Where the API key has no value, nothing can be asked of the server. */
async function checksOf(
  setup: Setup,
  target: Target | undefined,
  session: Session,
): Promise<Check[]> {
  const [apiKey] = secretUses(setup.config);
  const isMissing = target && apiKey && setup.secretValue === '';
  const diagnosis = isMissing ? undefined : await diagnose(setup);
  const api = diagnosis
    ? [...serverChecks(diagnosis), ...triggerChecks(diagnosis)]
    : apiKey && [{ what: apiKey.of, ...judgeSecret(apiKey, undefined) }];
  if (!target) return api ?? [];
  return [
    ...(api ?? []),
    ...(await secretChecks(setup.config, target)),
    ...(await pauseChecks(setup.config.triggers, target, session)),
  ];
}

type Triggers = DeployedConfig['triggers'];

/** A key that can be read says nothing yet: the checks of the server do. */
async function secretChecks(config: Setup['config'], target: Target): Promise<Check[]> {
  const [, ...others] = secretUses(config);
  return Promise.all(
    others.map(async (use) => {
      const value = await getSecret(target, use.secret);
      return { what: use.of, ...judgeSecret(use, value) };
    }),
  );
}

async function pauseChecks(triggers: Triggers, target: Target, { io }: Session): Promise<Check[]> {
  const core = { ledger: ledgerOf(target), now: io.clock.now };
  const names = [undefined, ...Object.keys(triggers)];
  const pauses = await Promise.all(names.map((name) => readPause(name, core)));
  return names.flatMap((name, index) => {
    const pause = pauses[index];
    if (!pause) return [];
    const { by, at, reason, until } = pause;
    const end = until === undefined ? '' : ` until ${until}`;
    const found = `paused by ${by} since ${at}${end}: ${reason}; end it with rtt resume ${name ?? '--all'}`;
    return [{ what: name ?? 'every trigger', found, ok: false }];
  });
}
