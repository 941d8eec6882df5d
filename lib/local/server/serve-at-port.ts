import { InputError } from '../../input-error.ts';
import { type LoopbackServer, serveLoopback } from './http-server.ts';

const TAKEN = 'is taken: choose another with --port, or 0 for any free one';
const PRIVILEGED = 'needs privileges: choose one from 1024';

/** Serves at a port that a person has chosen: throws InputError when it cannot be had. */
export async function serveAtPort(
  handle: Parameters<typeof serveLoopback>[0],
  port: number,
): Promise<LoopbackServer> {
  try {
    return await serveLoopback(handle, port);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const fault = code === 'EADDRINUSE' ? TAKEN : code === 'EACCES' ? PRIVILEGED : undefined;
    throw fault === undefined ? error : new InputError(`Port ${port} ${fault}`);
  }
}
