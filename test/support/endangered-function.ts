import type { Ledger } from '../../lambda/ledger/ledger.ts';
import type { Hazard } from './history.ts';

/** A function that may die, be throttled or freeze wherever it waits for the ledger. */
export interface EndangeredFunction {
  /** Lets it run until it ends, dies or freezes. */
  run(): Promise<void>;
  /** Whether it can go on. */
  isFrozen(): boolean;
}

/** Prepares a function: `body` gets the ledger through which its hazards reach it. A dead one never does anything again. */
export function endangeredFunction(
  hazards: readonly Hazard[],
  ledger: Ledger,
  body: (ledger: Ledger) => Promise<unknown>,
): EndangeredFunction {
  const left = [...hazards];
  let state: 'new' | 'running' | 'frozen' | 'over' = 'new';
  let stopped = Promise.withResolvers<void>();
  let thawed = Promise.withResolvers<void>();
  const end = () => {
    state = 'over';
    stopped.resolve();
  };
  const die = () => {
    end();
    return new Promise<never>(() => {});
  };
  const freeze = async () => {
    state = 'frozen';
    stopped.resolve();
    await thawed.promise;
  };
  const at = async <T>(action: () => Promise<T>): Promise<T> => {
    // What it has begun at once goes no further than the rest of it.
    if (state === 'frozen') await thawed.promise;
    const hazard = state === 'over' ? 'dies before' : left.shift();
    if (hazard === 'dies before') return die();
    if (hazard === 'throttled') throw new Error('ProvisionedThroughputExceededException');
    if (hazard === 'freezes before') await freeze();
    const result = await action();
    if (hazard === 'dies after') return die();
    if (hazard === 'freezes after') await freeze();
    else if (state === 'frozen') await thawed.promise;
    return state === 'over' ? die() : result;
  };
  return {
    isFrozen: () => state === 'frozen',
    run() {
      // What it had begun before it froze may have ended it meanwhile.
      if (state === 'over') return Promise.resolve();
      stopped = Promise.withResolvers();
      const before = state;
      state = 'running';
      if (before === 'new') body(through(ledger, at)).then(end, end);
      thawed.resolve();
      thawed = Promise.withResolvers();
      return stopped.promise;
    },
  };
}

function through(ledger: Ledger, at: <T>(action: () => Promise<T>) => Promise<T>): Ledger {
  return {
    ...ledger,
    record: (firing) => at(() => ledger.record(firing)),
    read: (id) => at(() => ledger.read(id)),
    write: (from, to) => at(() => ledger.write(from, to)),
    readItem: (id, schema) => at(() => ledger.readItem(id, schema)),
    readItems: (ids, schema) => at(() => ledger.readItems(ids, schema)),
    writeItem: (read, item) => at(() => ledger.writeItem(read, item)),
    sentBetween: (...period) => at(() => ledger.sentBetween(...period)),
  };
}
