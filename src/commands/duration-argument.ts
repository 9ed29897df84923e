import { InvalidArgumentError } from 'commander';
import { DURATION_FORM, parseDuration } from '../duration.ts';

/** The parser of every option that takes a duration; the value is in milliseconds. */
export function durationArgument(text: string): number {
  const ms = parseDuration(text);
  if (ms !== null) return ms;
  throw new InvalidArgumentError(`Expected ${DURATION_FORM}; found "${text}".`);
}
