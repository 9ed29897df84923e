/** Flags of every call of git: no hook, no file system monitor, no check of signatures, nothing that goes on behind. */
export const NO_PROGRAMS: readonly string[] = [
  '--no-optional-locks',
  '--no-pager',
  ...['core.fsmonitor=false', 'core.hooksPath=/dev/null', 'log.showSignature=false'].flatMap(set),
  ...['submodule.recurse=false', 'gc.auto=0', 'maintenance.auto=false'].flatMap(set),
];

/** The arguments of git that list which programs a configuration names by names of its own. */
export const LIST_PROGRAMS: readonly string[] = [
  'config',
  '--null',
  '--name-only',
  '--get-regexp',
  String.raw`^(filter\..*\.(clean|smudge|process|required)|hook\..*\.(command|event))$`,
];

/**
 * True for the commands that would start such a program: those that compare or write the files of a working tree, and those
 * that change a branch.
 */
export function startsPrograms([command, what]: readonly string[]): boolean {
  return (
    command === 'status' || command === 'update-ref' || (command === 'worktree' && what !== 'list')
  );
}

/** The environment in which git finds each of the programs that {@link LIST_PROGRAMS} printed switched off. */
export function switchedOff(listed: string): Record<string, string> {
  const names = listed.split('\0').filter((name) => name !== '');
  const drivers = [...new Set(names.map((name) => name.slice(0, name.lastIndexOf('.'))))];
  const pairs = drivers.flatMap((driver) =>
    driver.startsWith('filter.')
      ? [
          ...['clean', 'smudge', 'process'].map((key) => [`${driver}.${key}`, '']),
          [`${driver}.required`, 'false'],
        ]
      : [[`${driver}.enabled`, 'false']],
  );
  const entries = pairs.flatMap(([key = '', value = ''], at) => [
    [`GIT_CONFIG_KEY_${at}`, key],
    [`GIT_CONFIG_VALUE_${at}`, value],
  ]);
  return { GIT_CONFIG_COUNT: String(pairs.length), ...Object.fromEntries(entries) };
}

function set(pair: string): string[] {
  return ['-c', pair];
}
