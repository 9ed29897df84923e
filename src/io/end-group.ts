/** Ends a child that was started as the leader of its own process group, and all of that group. */
export function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}

const ENDING = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const;

/**
 * Has a child's group end with this process when a signal ends it: Ctrl-C reaches no other group, and nobody would be
 * left to end the child in time. Called before the child is started, so that no signal comes in between. Returns what
 * takes that back.
 */
export function endGroupWithUs(pid: () => number | undefined): () => void {
  const end = (signal: NodeJS.Signals) => {
    endGroup(pid());
    takeBack();
    process.kill(process.pid, signal);
  };
  const takeBack = () => {
    for (const signal of ENDING) process.off(signal, end);
  };
  for (const signal of ENDING) process.on(signal, end);
  return takeBack;
}
