import type { RunFile } from '../local/files/run-file.ts';
import type { Target } from './target.ts';

/**
 * The local run as a target. `current` tells how to reach it now: with a restart it gets other ports and another key, and a
 * command that waits goes on.
 */
export function localTarget(run: RunFile, current = () => run): Target {
  const { region, url, isStandIn } = run;
  const api = isStandIn ? 'stand-in API' : `REAL API at ${run.apiBaseUrl}`;
  return {
    kind: 'local',
    isStandIn,
    name: `local run at ${url} (${api})`,
    commandFunction: run.commandFunction,
    functions: async () => run.functions,
    ledgerTable: run.ledgerTable,
    webhookUrl: (trigger) => `${url}/hooks/${encodeURIComponent(trigger)}`,
    tags: [],
    deadLetterQueues: run.deadLetterQueues,
    messagesFile: run.messagesFile,
    logs: { kind: 'file', file: run.logFile },
    client(service) {
      const { endpoints, accessKeyId } = current();
      return {
        region,
        ...(service !== 'sns' && service !== 'cloudwatchLogs' && { endpoint: endpoints[service] }),
        credentials: { accessKeyId, secretAccessKey: accessKeyId },
      };
    },
  };
}
