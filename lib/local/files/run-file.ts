import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { Agent, get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import * as z from 'zod';
import { readPrivateJsonFile, writeFileAtomically } from './state-file.ts';

/** A local run listens nowhere else: a file that says so is not one that it wrote. */
const loopbackUrl = z.url({ protocol: /^http$/, hostname: /^127\.0\.0\.1$/ });

const runSchema = z.object({
  pid: z.int().positive(),
  url: loopbackUrl,
  apiBaseUrl: z.url(),
  isStandIn: z.boolean(),
  region: z.string(),
  accessKeyId: z.string(),
  endpoints: z.object({
    dynamodb: loopbackUrl,
    eventBridge: loopbackUrl,
    lambda: loopbackUrl,
    secretsManager: loopbackUrl,
    sqs: loopbackUrl,
  }),
  commandFunction: z.string(),
  /** ARNs of all functions. */
  functions: z.array(z.string()),
  ledgerTable: z.string(),
  logFile: z.string(),
  /** Of what people would be told. */
  messagesFile: z.string(),
  deadLetterQueues: z.array(loopbackUrl),
});

/** How to talk to a local run: what CloudFormation's outputs are to a deployed stack. */
export type RunFile = z.infer<typeof runSchema>;

/** Tells other processes of this user where the run is. Only its owner can read it: it holds an access key. */
export function writeRunFile(stateDirectory: string, run: RunFile): void {
  writeFileAtomically(fileIn(stateDirectory), `${JSON.stringify(run, null, 2)}\n`);
  const header = `authorization: Local Credential=${run.accessKeyId}/\n`;
  writeFileAtomically(headerFile(stateDirectory), header);
}

/** The file with the header that the run's own addresses want, for `curl -H @FILE`. */
export function headerFile(stateDirectory: string): string {
  return join(stateDirectory, 'authorization');
}

/** Removes the file with the header, too. Without effect where there is none. */
export function removeRunFile(stateDirectory: string): void {
  rmSync(fileIn(stateDirectory), { force: true });
  rmSync(headerFile(stateDirectory), { force: true });
}

/** The run of this folder, which may have died; undefined where there is none. */
export function readRunFile(stateDirectory: string): RunFile | undefined {
  return readPrivateJsonFile(fileIn(stateDirectory), runSchema);
}

/**
 * The run of this folder: `stale` when its process died before it could remove the file. Throws InputError when the
 * file is damaged, or may come from somebody else: commands send secrets where it says.
 */
export async function findRun(stateDirectory: string): Promise<RunFile | 'stale' | undefined> {
  const run = readRunFile(stateDirectory);
  if (!run) return undefined;
  return (await answers(run)) ? run : 'stale';
}

function fileIn(stateDirectory: string): string {
  return join(stateDirectory, 'run.json');
}

/** Another process may have its pid, or its port, but not its access key as well. */
async function answers({ pid, accessKeyId, endpoints }: RunFile): Promise<boolean> {
  try {
    process.kill(pid, 0);
    // An agent of its own, which no proxy of the environment stands behind: the key stays on this machine.
    const request = get(endpoints.lambda, {
      agent: new Agent(),
      headers: { authorization: `Credential=${accessKeyId}/` },
      signal: AbortSignal.timeout(2_000),
    });
    const [response]: IncomingMessage[] = await once(request, 'response');
    response?.resume();
    return response?.statusCode === NOT_IMITATED;
  } catch {
    // No such process, or nothing listens: the run is gone.
    return false;
  }
}

/** What the Lambda endpoint answers to who has its key and asks for something else than Invoke. */
const NOT_IMITATED = 400;
