import type { IncomingMessage } from 'node:http';

/** Whether an SDK client signed the request with this access key: any process of the machine can reach the port. */
export function isSignedWith(accessKeyId: string, { headers }: IncomingMessage): boolean {
  return headers.authorization?.includes(`Credential=${accessKeyId}/`) ?? false;
}
