import { StopgateError } from '../errors.ts';
import type { PaneStamp } from '../owner/stamp.ts';
import { callTmux } from '../tmux/call.ts';
import { markPane, newMark } from '../tmux/mark.ts';
import { tmuxWord } from './words.ts';

export interface PaneRequest {
  /** The pane to open it beside; `null`: the caller is in none that could be proven. */
  beside: PaneStamp | null;
  /** The directory in which `command` runs. */
  cwd: string;
  command: readonly string[];
  /** Takes the keyboard along. */
  focus: boolean;
  env: Readonly<Record<string, string | undefined>>;
}

/**
 * Opens a pane that runs one command and then stays, as a shell. Every word reaches the command as it is: tmux and sh
 * read a constant script only. Returns the pane's id. @throws StopgateError `no-pane`, `tmux-failed`, exit code 3.
 */
export async function openPane(request: PaneRequest): Promise<string> {
  const { beside, cwd, command, focus, env } = request;
  if (beside === null)
    throw failed('no-pane', 'This command runs in no tmux pane that tmux knows.');
  const where = ['-h', ...(focus ? [] : ['-d']), '-t', beside.id, '-P', '-F', '#{pane_id}'];
  const words = [...variables(env), '--', '/bin/sh', '-c', SCRIPT, 'stopgate', cwd, ...command];
  const reply = await callTmux(
    beside.socket,
    ['split-window', ...where, ...words.map(tmuxWord)],
    SPLIT_MS,
  );
  if (reply.kind === 'failed') {
    throw failed('tmux-failed', `tmux could not open a pane: ${reply.detail}.`);
  }
  const pane = reply.stdout.trim();
  if (!/^%\d+$/.test(pane)) {
    throw failed('tmux-failed', `tmux named no pane: expected %N, found "${pane}".`);
  }
  await markPane(beside.socket, pane, newMark());
  return pane;
}

const SPLIT_MS = 5000;

/** The agent that asks for the pane is not the one that will run in it. */
const SCRIPT = `unset CLAUDECODE CLAUDE_PID CLAUDE_CODE_SESSION_ID CODEX_SESSION_ID CODEX_THREAD_ID
cd "$1" || exit 1
shift
"$@"
printf '\\n[exit code %s; this pane stays: "exit" closes it]\\n' "$?"
exec "\${SHELL:-/bin/sh}"`;

/** What a pane does not get from its tmux server, and what decides where state and programs are found. */
const NAMES = [
  ...['PATH', 'STOPGATE_STATE_DIR', 'XDG_STATE_HOME', 'XDG_DATA_HOME', 'XDG_CONFIG_HOME'],
  ...['CLAUDE_CONFIG_DIR', 'CODEX_HOME'],
];

function variables(env: PaneRequest['env']): string[] {
  return NAMES.flatMap((name) => (env[name] ? ['-e', `${name}=${env[name]}`] : []));
}

function failed(code: string, message: string): StopgateError {
  return new StopgateError(code, message, { exitCode: 3 });
}
