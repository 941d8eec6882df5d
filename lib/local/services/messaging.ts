import { join } from 'node:path';
import type { Clock } from '../../clock.ts';
import { appendJsonLine } from '../files/state-file.ts';
import { startEventBridge } from './event-bridge.ts';
import type { LocalKeys } from './local-services.ts';
import { startSns } from './sns.ts';

interface MessagingOptions {
  readonly stateDirectory: string;
  /** Names of the stack's event buses, asked at each request. */
  buses(): readonly string[];
  readonly clock: Clock;
  /** Gets the text that people would get by e-mail. */
  notice(text: string): void;
}

/**
 * Starts EventBridge and SNS for the functions; the command line may put events, too. Events and messages are kept in a file
 * each, one JSON object a line.
 */
export async function startMessaging(
  { functions, operator }: LocalKeys,
  { stateDirectory, buses, clock, notice }: MessagingOptions,
) {
  const eventsFile = join(stateDirectory, 'events.jsonl');
  const notificationsFile = join(stateDirectory, 'notifications.jsonl');
  const eventBridge = await startEventBridge([functions, operator], buses, clock.now);
  eventBridge.subscribe((_bus, event) => appendJsonLine(eventsFile, event));
  const sns = await startSns(functions, (notification) => {
    appendJsonLine(notificationsFile, { time: clock.now().toISOString(), ...notification });
    const { default: others, email = others } = notification.messages;
    const text = email.trimEnd().replaceAll(/^(?=.)/gm, '  ');
    notice(`MESSAGE ${notification.subject}\n${text}\n`);
  });
  return {
    eventBridge,
    sns,
    eventsFile,
    notificationsFile,
    async stop() {
      await Promise.all([eventBridge.stop(), sns.stop()]);
    },
  };
}
