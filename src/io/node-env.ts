/** What the launcher keeps from Node's own start, and under which name it hands it on (templates/launcher.sh). */
const HELD_BACK = {
  STOPGATE_NODE_OPTIONS: 'NODE_OPTIONS',
  STOPGATE_NODE_EXTRA_CA_CERTS: 'NODE_EXTRA_CA_CERTS',
} as const;

/** Gives the environment back as the host set it, so that what a hook starts is not run differently. */
export function restoreNodeEnv(env: Record<string, string | undefined> = process.env): void {
  for (const [held, name] of Object.entries(HELD_BACK)) {
    const value = env[held];
    if (value === undefined) continue;
    delete env[held];
    if (value === '') delete env[name];
    else env[name] = value;
  }
}
