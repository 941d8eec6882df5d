import type { Dialect } from '../../../lambda/api/dialect.ts';
import type { Executions, Scenario } from './stand-in-executions.ts';

/** Which of the servers in use a stand-in is; `lenient` is the public one that still ignored unknown keys. */
export type ServerDialect = Dialect | 'lenient';

/** A request to the stand-in, already authorised. */
export interface StandInRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
}

/** A text is an error's message, anything else the whole body. */
export interface StandInAnswer {
  readonly status: number;
  readonly body: object | string;
}

/** A run test that can be found by its name. */
export interface NamedRunTest {
  readonly id: string;
  readonly name: string;
}

/** What the operations work on. */
export interface StandInState {
  readonly server: ServerDialect;
  readonly runTests: ReadonlyMap<string, readonly Scenario[]>;
  readonly namedRunTests: readonly NamedRunTest[];
  readonly executions: Executions;
  readonly now: Date;
}
