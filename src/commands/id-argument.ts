import { InvalidArgumentError } from 'commander';
import { MOST_CHARACTERS } from '../hosts/limits.ts';

/** The parser of every option that takes a session's id or name, which a build keeps. */
export function idArgument(text: string): string {
  if (text.length <= MOST_CHARACTERS) return text;
  throw new InvalidArgumentError(
    `Expected at most ${MOST_CHARACTERS} characters, found ${text.length}.`,
  );
}
