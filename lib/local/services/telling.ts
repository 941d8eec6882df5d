import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../clock.ts';
import type { LoopbackServer } from '../server/http-server.ts';
import { type EventBridge, startEventBridge } from './event-bridge.ts';
import { type LocalNotification, startSns } from './sns.ts';

/** Where the functions' events and messages go: kept in a file each, one JSON object a line. */
export interface Telling {
  readonly eventBridge: EventBridge;
  readonly sns: LoopbackServer;
  readonly eventsFile: string;
  readonly notificationsFile: string;
  stop(): Promise<void>;
}

/** What they need of the world. */
export interface TellingOptions {
  readonly stateDirectory: string;
  /** Names of the stack's event buses. */
  readonly buses: readonly string[];
  readonly clock: Clock;
  /** Gets the text that people would get by e-mail. */
  notice(text: string): void;
}

/** Starts EventBridge and SNS for clients with the access key. */
export async function startTelling(
  accessKeyId: string,
  { stateDirectory, buses, clock, notice }: TellingOptions,
): Promise<Telling> {
  const eventsFile = join(stateDirectory, 'events.jsonl');
  const notificationsFile = join(stateDirectory, 'notifications.jsonl');
  const eventBridge = await startEventBridge(accessKeyId, buses, clock.now);
  eventBridge.subscribe((_bus, event) => append(eventsFile, event));
  const sns = await startSns(accessKeyId, (notification) => {
    append(notificationsFile, { time: clock.now().toISOString(), ...notification });
    notice(textOf(notification));
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

function append(file: string, value: object): void {
  appendFileSync(file, `${JSON.stringify(value)}\n`);
}

function textOf({ subject, messages }: LocalNotification): string {
  const text = messages.email ?? messages.default;
  return `MESSAGE ${subject}\n${text.trimEnd().replaceAll(/^(?=.)/gm, '  ')}\n`;
}
