declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** A DynamoDB-compatible server: on disk with `path`, in memory without. */
  export default function dynalite(options: { createTableMs?: number; path?: string }): Server;
}
