import { Command } from '@commander-js/extra-typings';
import type { DeployedConfig } from '../../lambda/config/deployed-config.ts';
import { readPause } from '../../lambda/policies/pause.ts';
import { diagnose, type Setup } from '../doctor/diagnose.ts';
import { judgeSecret, secretUses } from '../doctor/secret-uses.ts';
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
            ...(await secretChecks(setup.config, target)),
            ...(await pauseChecks(triggers, target, session)),
          ]
        : [];
      const checks = [...serverChecks(diagnosis), ...triggerChecks(diagnosis), ...deployed];
      report(checks, session);
    });
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
