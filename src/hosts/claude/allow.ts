/** The permission rules that let an agent keep its build without asking a person each time: two commands, no more. */
export const CLAUDE_ALLOW: readonly string[] = [
  'Bash(stopgate build:*)',
  'Bash(stopgate status:*)',
];
