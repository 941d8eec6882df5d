import { chooseTarget } from '../target/choose-target.ts';
import type { Target } from '../target/target.ts';
import type { Session } from './program.ts';
import { styleFor } from './style.ts';

/** The target that the options and the environment mean, told on stderr. Throws InputError when there is none. */
export async function connect({ io, options }: Session): Promise<Target> {
  const target = await chooseTarget(options(), io.environment);
  io.stderr.write(`${styleFor(io.stderr)('dim', `→ ${target.name}`)}\n`);
  return target;
}
