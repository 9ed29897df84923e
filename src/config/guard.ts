/**
 * Has a shell read the launcher in, so that a launcher that is missing or cannot be read, and a shell that cannot open
 * or allocate, end with 0 and an object that approves on both hosts. One simple command: Codex gives it to whatever the
 * person's login shell is (docs/adr/0012-launcher-exit-code.md).
 */
export function guarded(launcher: string): string {
  return `${GUARD[0]} ${GUARD[1]} '${GUARD[2]}' ${launcher}`;
}

/** The command as 0.1 registered it: what is wrong with the launcher shows in its exit code. */
export function unguarded(command: string): string {
  const guard = guarded('');
  return command.startsWith(guard) ? command.slice(guard.length) : command;
}

/** The words of a registered command from the launcher on; a release before this one registered nothing else. */
export function withoutGuard(words: readonly string[]): readonly string[] {
  return GUARD.every((word, index) => words[index] === word) ? words.slice(GUARD.length) : words;
}

/** A launcher of 0.1, which settings shared between machines may meet, has spoken when it ends with 0. */
const GUARD = [
  '/bin/sh',
  '-c',
  String.raw`trap "[ \$? = 0 ]||echo {};exit 0" 0;command . "$0"`,
] as const;
