import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { oneLine } from './table.ts';

/** `--reason`: what a person decides stays with its reason, in the ledger, the log and the messages. */
export function reasonOption(description: string) {
  return new Option('--reason <text>', description).argParser(readReason).makeOptionMandatory();
}

function readReason(text: string): string {
  const reason = oneLine(text);
  if (reason !== '') return reason;
  throw new InvalidArgumentError('It must say why.');
}
