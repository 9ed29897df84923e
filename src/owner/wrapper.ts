const SHELLS = new Set([
  'sh',
  'bash',
  'dash',
  'zsh',
  'fish',
  'ksh',
  'busybox',
  'env',
  'timeout',
  'nohup',
  // Our own launcher, a shell script.
  'stopgate-hook',
]);

/** Programs that run a command for somebody and wait for it. */
const WRAPPERS =
  /^(make|just|direnv|mise|uv|uvx|script|nice|setsid|stdbuf|time|xargs|flock|npm|npx|pnpm|yarn|bunx)( |$)/;

/** What starts a shell or a program for a person. */
const SEATS = /^(tmux|screen|login|sshd|su|sudo|systemd|init)\b/;

/** True for the name of a shell, or of a program that only starts another. A login shell's begins with a dash. */
export function isShell(name: string): boolean {
  return SHELLS.has(name.replace(/^-/, ''));
}

/** True for a program that runs another one's command and is never an agent itself. */
export function isWrapper(name: string): boolean {
  return isShell(name) || WRAPPERS.test(name);
}

/** True for what a terminal or a login begins with: no agent runs a hook through it. */
export function isSeat(name: string): boolean {
  return SEATS.test(name);
}
