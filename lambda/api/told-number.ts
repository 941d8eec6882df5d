import * as z from 'zod/mini';

/** A number as a server tells it, in range or not (JSON's 1e999 is Infinity); anything else counts as not told. */
export const toldNumber = z.catch(
  z.optional(z.custom<number>((value) => typeof value === 'number')),
  undefined,
);

/** The same where it is kept: the ledger takes finite numbers only. */
export const keptNumber = z.catch(z.optional(z.number()), undefined);

/** Text as a server tells it; anything else counts as not told. */
export const toldText = z.catch(z.optional(z.string()), undefined);

/** More than any execution has calls (a run test has some thousand scenarios); DynamoDB takes no number beyond 1e126. */
const MOST_CALLS = 100_000;

/** Whether it can be a number of calls. */
export function isCount(number: number): boolean {
  return Number.isInteger(number) && number >= 0 && number <= MOST_CALLS;
}

/** From 0 to 100, both included. A share from 0 to 1 passes as well and cannot be told apart. */
export function isPercentage(number: number): boolean {
  return number >= 0 && number <= 100;
}

/** A percentage in whole hundredths, the only form in which rates and scores are compared. */
export function hundredths(percentage: number): number {
  return Math.round(percentage * 100);
}

/** `part` of `whole` in percent, with two decimals; `whole` is not 0. */
export function percentageOf(part: number, whole: number): number {
  return Math.round((10_000 * part) / whole) / 100;
}

/** Rates are told with one decimal at least. */
const ROUNDING = 0.0501;

/** How many of `whole` a rate in percent means; undefined where no number of them gives that rate. */
export function partOf(whole: number, rate: number): number | undefined {
  const part = Math.round((whole * rate) / 100);
  const isThatRate = whole === 0 || Math.abs((100 * part) / whole - rate) <= ROUNDING;
  return isThatRate ? part : undefined;
}
