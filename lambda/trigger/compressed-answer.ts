import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod/mini';

/** Lambda answers with 6 MB at most ("Lambda quotas"), and 10,000 triggers with schedules are more than that. */
const MOST_LENGTH = 4_000_000;

const compressedSchema = z.strictObject({ gzip: z.string() });
type Compressed = z.infer<typeof compressedSchema>;

/** The answer to a command as it is, or compressed where it is too long for Lambda. */
export function fitting<T extends object>(answer: T): T | Compressed {
  const text = JSON.stringify(answer);
  return text.length <= MOST_LENGTH ? answer : { gzip: gzipSync(text).toString('base64') };
}

/** The answer to a command from what the function has returned, JSON text. */
export function opened<T extends object>(text: string): T {
  const compressed = compressedSchema.safeParse(JSON.parse(text));
  if (!compressed.success) return JSON.parse(text);
  return JSON.parse(gunzipSync(Buffer.from(compressed.data.gzip, 'base64')).toString());
}
