import { STATUS_CODES } from 'node:http';
import type { Executions, Scenario } from './stand-in-executions.ts';

/** Which of the servers in use a stand-in is; `lenient` is the public one that still ignored unknown keys. */
export type ServerDialect = 'documented' | 'key-pair' | 'current' | 'lenient';

/** A text is an error's message, anything else the whole body. */
export interface StandInAnswer {
  readonly status: number;
  readonly body: object | string;
}

/** A run test as the stand-in lists it. */
export interface NamedRunTest {
  readonly id: string;
  readonly name: string;
}

/** A request to an operation, already authorised, and what it works on. */
export interface Asked {
  readonly server: ServerDialect;
  readonly runTests: ReadonlyMap<string, readonly Scenario[]>;
  readonly namedRunTests: readonly NamedRunTest[];
  readonly executions: Executions;
  readonly now: Date;
  /** Of the run test or execution in the path. */
  readonly id: string;
  readonly query: URLSearchParams;
  readonly body: string;
}

/** HTTP 200. `body` is the whole of it, not wrapped in anything. */
export function ok(body: object): StandInAnswer {
  return { status: 200, body };
}

/** What a JSON text says; undefined when it is not JSON. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An error as the server words it: the same message in every place where a client may look. */
export function errorBody(status: number, message: string) {
  const type = STATUS_CODES[status]?.toLowerCase().replaceAll(' ', '_');
  return {
    status: false,
    type,
    code: type,
    detail: message,
    message,
    error: message,
    result: message,
  };
}
