/** What a shell needs to find programs and to speak the person's language. */
const PLAIN =
  /^(PATH|HOME|USER|LOGNAME|SHELL|TMPDIR|LANG|LANGUAGE|LC_\w+|TZ|TERM|CODEX_HOME|XDG_\w+)$/;

/**
 * The environment of a command that a hook runs for an agent. A hook has all that the person gave the host, keys and tokens
 * among it, and a host may keep these from the commands of its agent.
 */
export function hookEnv(env: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => PLAIN.test(name)));
}
