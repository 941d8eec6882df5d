import { Command } from '@commander-js/extra-typings';
import type { DeployedConfig } from '../../lambda/config/deployed-config.ts';
import type { Webhook } from '../../lambda/firing/trigger.ts';
import { readPause } from '../../lambda/policies/pause.ts';
import { SecretUnusableError } from '../../lambda/runtime/secrets.ts';
import { checkSecret, secretWarning } from '../../lambda/webhook/verify.ts';
import { diagnose } from '../doctor/diagnose.ts';
import { ledgerOf } from '../target/ledger.ts';
import { getSecret } from '../target/secret.ts';
import type { Target } from '../target/target.ts';
import { type Check, report, serverChecks, triggerChecks } from './checks.ts';
import type { Session } from './program.ts';
import { findSetup } from './setup.ts';

const EXAMPLES = `
Checks the deployed service with its own key or, if FI_API_KEY is set, the
triggers file with that key. Nothing is started, and nothing costs money.

Examples:
  rtt doctor
  rtt doctor --stage staging
  FI_API_KEY=… rtt doctor

Exit codes: 0 all is well, 1 something needs to be done
`;

export function doctorCommand(session: Session) {
  return new Command('doctor')
    .summary('check key, server, triggers and webhooks')
    .description('Checks everything that a firing needs and says what to do about each problem.')
    .addHelpText('after', EXAMPLES)
    .action(async () => {
      const { setup, target } = await findSetup(session);
      const diagnosis = await diagnose(setup);
      const { triggers } = setup.config;
      const deployed = target
        ? [
            ...(await webhookChecks(triggers, target)),
            ...(await pauseChecks(triggers, target, session)),
          ]
        : [];
      const checks = [...serverChecks(diagnosis), ...triggerChecks(diagnosis), ...deployed];
      report(checks, session);
    });
}

type Triggers = DeployedConfig['triggers'];

async function webhookChecks(triggers: Triggers, target: Target): Promise<Check[]> {
  return Promise.all(
    Object.entries(triggers)
      .flatMap(([what, { webhook }]) => (webhook ? [{ what, webhook }] : []))
      .map(async ({ what, webhook }) => {
        const value = await getSecret(target, webhook.secret);
        const fault = faultOf(webhook, value);
        const doubt = secretWarning(webhook, value ?? '');
        const found = `webhook: its secret can verify${doubt === undefined ? '' : `, but ${doubt}`}`;
        return { what, found: fault ?? found, ok: fault === undefined };
      }),
  );
}

function faultOf(webhook: Webhook, value: string | undefined): string | undefined {
  const remedy = `set it with rtt secret set ${webhook.secret}`;
  if (!value) return `webhook: the secret ${webhook.secret} has no value; ${remedy}`;
  try {
    checkSecret(webhook, value);
    return undefined;
  } catch (error) {
    if (!(error instanceof SecretUnusableError)) throw error;
    return `webhook: ${error.message}; ${remedy}`;
  }
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
