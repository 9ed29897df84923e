/** Subcommands that change the state of a build and run nothing, whatever follows them. */
const STATE_ONLY = [
  'step',
  'pause',
  'resume',
  ...['clarify', 'planning', 'executing', 'verifying', 'fixing', 'hardening'].map(
    (phase) => `phase ${phase}`,
  ),
  'renew',
  'claim',
  'fail',
  'escalate',
  'release',
  'status',
  'history',
  'report',
];

/**
 * The permission rules of `install --allow`: none of them matches a command that names or runs another one. `start` and
 * `wait` name one, `complete` and `phase complete` run it: Claude Code asks the person about each of these.
 */
export const CLAUDE_ALLOW: readonly string[] = [
  ...STATE_ONLY.map((words) => `Bash(stopgate build ${words}:*)`),
  'Bash(stopgate status:*)',
];

/** A rule with which an agent has any command run unasked, such as the one that `install --allow` of 0.1 wrote. */
export function isWideRule(rule: unknown): boolean {
  return typeof rule === 'string' && WIDE.test(rule);
}

const WIDE =
  /^Bash\(stopgate(| build(| start| wait| watch| complete| phase(| complete))| run)(:\*| \*|\*)\)$/;
