import type { DeployedConfig } from '../../lambda/config/deployed-config.ts';
import type { Problem } from '../config/problem.ts';
import { sendCommand } from '../target/invoke.ts';
import type { Target } from '../target/target.ts';

/** The triggers file on the machine of the person. */
export interface FileView {
  readonly path: string;
  /** Absent where it cannot be read, which is a problem then. */
  readonly text?: string;
  readonly problems: readonly Problem[];
  /** When a change of it is in use. */
  readonly note: string;
}

/** What is deployed, as far as the person's credentials tell. */
export interface Described {
  readonly config: DeployedConfig & { readonly apiBaseUrl: string };
  /** Why nothing can be done here. */
  readonly readOnly?: string;
}

/** Whom a console asks what is deployed, and through whom it acts. */
export interface Source {
  readonly target: Target;
  describe(): Promise<Described>;
  /** A command of `rtt` as the person types it for this target. */
  typed(words: string): string;
  /** The triggers file on this machine, as it is now. */
  file(): FileView;
}

/** A deployment changes it, and each question is an invocation. */
const KEPT_MS = 60_000;

/** Lambda's name for a caller without the permission. */
const DENIED = 'AccessDeniedException';

/**
 * The target as a source. Where the person may not invoke its function, `ofFile` tells what should be deployed, and
 * the source is read only.
 */
export function sourceOf(
  target: Target,
  {
    now,
    ofFile,
    ...person
  }: Pick<Source, 'typed' | 'file'> & {
    now(): Date;
    ofFile(): Described['config'];
  },
): Source {
  let known: { readonly described: Promise<Described>; readonly until: number } | undefined;
  return {
    target,
    ...person,
    async describe() {
      const at = now().getTime();
      if (known && at < known.until) return known.described;
      const described = ask();
      known = { described, until: at + KEPT_MS };
      // What failed is asked again.
      described.catch(() => {
        known = undefined;
      });
      return described;
    },
  };

  async function ask(): Promise<Described> {
    try {
      return { config: await sendCommand(target, { command: 'describe' }) };
    } catch (error) {
      if (!(error instanceof Error) || error.name !== DENIED) throw error;
      return { config: ofFile(), readOnly: READ_ONLY };
    }
  }
}

const READ_ONLY =
  'Nothing can be started or changed here: these credentials lack lambda:InvokeFunction on the function command. What the triggers are is read from the triggers file of this machine.';
