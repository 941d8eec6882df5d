import type { RunFile } from '../local/files/run-file.ts';
import type { Target } from './target.ts';

export function localTarget(run: RunFile): Target {
  const { accessKeyId, region, endpoints, url, isStandIn } = run;
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
    client: (service) => ({
      region,
      ...(service !== 'sns' && service !== 'cloudwatchLogs' && { endpoint: endpoints[service] }),
      credentials: { accessKeyId, secretAccessKey: accessKeyId },
    }),
  };
}
