import type { Argument } from '@bomb.sh/tab';
import tab from '@bomb.sh/tab/commander';
import { Command } from 'commander';
import { loadTriggers } from '../config/load.ts';

const EXAMPLES = `
Examples:
  source <(rtt complete bash)
  rtt complete zsh > ~/.rtt-completion.zsh && source ~/.rtt-completion.zsh
  rtt complete fish > ~/.config/fish/completions/rtt.fish
`;

/**
 * Adds `complete SHELL`, which prints a shell's script, and `complete -- WORDS`, which that script asks at each tab.
 * Names of triggers and secrets are those of this triggers file.
 */
export function addCompletion(root: object, file: string, now: Date): void {
  // The typed commands are commander's own, under types that commander's do not accept.
  if (!(root instanceof Command)) throw new Error('The root is not a command of commander');
  const { commands } = tab(root);
  root.commands
    .find((command) => command.name() === 'complete')
    ?.description('Prints the script with which a shell completes rtt.')
    .addHelpText('after', EXAMPLES);
  const loaded = loadTriggers(file, now);
  // A file that is not sound has no names to offer, and a shell that completes wants no messages.
  if (!loaded.ok) return;
  const { api, triggers } = loaded.config;
  for (const command of commands.values()) {
    offer(command.arguments.get('trigger'), Object.keys(triggers));
  }
  const webhooks = Object.values(triggers).flatMap(({ webhook }) => webhook?.secret ?? []);
  const secrets = new Set([api.secret, ...webhooks]);
  offer(commands.get('secret set')?.arguments.get('name'), [...secrets]);
}

function offer(argument: Argument | undefined, values: readonly string[]): void {
  if (!argument) return;
  argument.handler = (complete) => {
    for (const value of values) complete(value, '');
  };
}
