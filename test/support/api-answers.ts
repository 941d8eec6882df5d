import { readFileSync } from 'node:fs';
import * as z from 'zod';

const answerSchema = z.object({
  /** Which of the servers in use answers so. */
  server: z.enum(['documented', 'current']),
  request: z.object({
    method: z.enum(['GET', 'POST']),
    path: z.string(),
    body: z.optional(z.unknown()),
    /** Absent: the right one. */
    key: z.string().optional(),
  }),
  status: z.number(),
  body: z.record(z.string(), z.unknown()),
});

/** An answer of a real server, with what it was asked. */
export type ApiAnswer = z.infer<typeof answerSchema>;

/** Reads `test/fixtures/api/<name>.json`. */
export function apiAnswer(name: string): ApiAnswer {
  const file = new URL(`../fixtures/api/${name}.json`, import.meta.url);
  return answerSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
}

/** The ids in the answers. */
export const ANSWERED = {
  runTestId: '3c90c3cc-0d44-4b50-8888-8dd25736052a',
  executionId: '9d8f7a36-2f0b-4d5e-8c11-6a1f0e7b5c42',
  scenarioIds: ['5b8a3f0e-6c1d-4a57-9e0b-7f2c4d1e9a33', 'c9d1b6a2-0f4e-4c83-8b7a-1e5d3f6a2b90'],
} as const;
