import { InvalidArgumentError } from 'commander';

/** The parser of every option that takes a whole number. */
export function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError(`Expected a whole number, found "${text}".`);
}

/** As {@link wholeNumber}, and at least 1. */
export function countArgument(text: string): number {
  const count = wholeNumber(text);
  if (count > 0) return count;
  throw new InvalidArgumentError(`Expected a whole number above 0, found "${text}".`);
}
