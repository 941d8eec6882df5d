import { setTimeout as sleep } from 'node:timers/promises';
import type { DeployedConfig } from '../../lambda/config/deployed-config.ts';
import {
  type LoopbackServer,
  readBody,
  serveLoopback,
} from '../../lib/local/server/http-server.ts';
import { startStandInApi } from '../../lib/local/stand-in/stand-in-api.ts';
import { scenariosByRunTest } from '../../lib/local/stand-in/stand-in-scenarios.ts';

export const API_KEY = 'fi-key-1234567890';
/** What others wrote, and must do nothing. */
export const HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=1</script>';

/** The API of the tests: a stand-in whose time can run ahead, behind a server that can fail. */
export interface Api extends LoopbackServer {
  /** What it does to requests from now on: it waits first, or answers so. Absent: it answers. */
  fault?:
    | 'down'
    | { readonly until: Promise<void> }
    | { readonly status: number; readonly body: string };
  /** So much later than now is it at the server. */
  aheadMs: number;
  /** Requests that ask for an execution. */
  readonly starts: string[];
}

/** Serves the run tests of these triggers, each with one scenario more, whose name is a script. */
export async function startApi(triggers: DeployedConfig['triggers'], file: string): Promise<Api> {
  const scenarios = [...scenariosByRunTest(triggers)].map(([runTest, own], index) => {
    const id = `0000000${index}-0000-4000-8000-000000000000`;
    return [runTest, [...own, { id, name: HOSTILE, rows: 1 }]] as const;
  });
  const standIn = await startStandInApi({
    runTests: new Map(scenarios),
    apiKey: () => API_KEY,
    courseOf: () => ({ failures: () => 0, ends: 'COMPLETED' }),
    file,
    clock: { now: () => new Date(Date.now() + api.aheadMs), sleep: () => sleep(0) },
  });
  const front = await serveLoopback(async (request, response) => {
    const { url = '', method = '', headers } = request;
    const body = await readBody(request, 65_536);
    if (api.fault === 'down') return void request.socket.destroy();
    if (api.fault && 'until' in api.fault) await api.fault.until;
    else if (api.fault) {
      return void response.writeHead(api.fault.status).end(api.fault.body);
    }
    if (url.endsWith('/execute/')) api.starts.push(url);
    const answer = await fetch(standIn.url + url, {
      method,
      headers: { authorization: headers.authorization ?? '' },
      ...(method === 'POST' && { body }),
    });
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(await answer.text());
  });
  const api: Api = {
    url: front.url,
    aheadMs: 0,
    starts: [],
    async stop() {
      await Promise.all([front.stop(), standIn.stop()]);
    },
  };
  return api;
}
