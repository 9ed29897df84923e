import { StopgateError } from '../errors.ts';
import type { PaneStamp } from '../owner/stamp.ts';
import { callTmux } from './call.ts';
import { claimCommands, newMark } from './mark.ts';

/** What may be a name: tmux takes names for formats, and runs what some of them say. */
const NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** A server that has to be started first takes longer than one that answers. */
const START_MS = 10_000;

export interface StartOptions {
  socket: string;
  name: string;
  cwd: string;
  command: readonly string[];
  env: Readonly<Record<string, string>>;
}

/** A tmux session that was started, and what tmux runs in its one pane. */
export interface Started {
  mark: string;
  pane: PaneStamp;
  panePid: number;
}

const FIELDS = ['pid', 'start_time', 'pane_id', 'pane_pid', 'session_id', 'session_created'];

/**
 * Starts a detached tmux session and marks it and its pane as ours, in one call: it never is there without its mark.
 * @throws StopgateError `usage`, `tmux-failed`.
 */
export async function startSession({
  socket,
  name,
  cwd,
  command,
  env,
}: StartOptions): Promise<Started> {
  if (!NAME.test(name)) {
    throw new StopgateError('usage', `Not a name for a tmux session: found "${name}".`, {
      hint: 'Expected up to 64 letters, digits, underscores and dashes.',
      exitCode: 2,
    });
  }
  const mark = newMark();
  const format = FIELDS.map((field) => `#{${field}}`).join('\t');
  const variables = Object.entries(env).flatMap(([key, value]) => ['-e', `${key}=${value}`]);
  const open = ['new-session', '-d', '-P', '-F', format, '-s', name, ...variables, '--'];
  const claim = claimCommands(`=${name}:`, mark);
  const commands = [...open, ...words(command), ';', ...claim];
  // A directory that is told as an option is a format, and what it says in #() is run; the client's own is not.
  const reply = await callTmux(socket, commands, START_MS, cwd);
  if (reply.kind === 'failed') throw failed(name, reply.detail);
  const [serverPid, serverStart, id, panePid, sessionId, sessionCreated] = reply.stdout
    .trim()
    .split('\t');
  if (!serverStart || !id || !sessionId || !sessionCreated) throw failed(name, 'no answer');
  const server = { socket, serverPid: Number(serverPid), serverStart };
  const pane = { ...server, id, sessionId, sessionCreated, sessionName: name };
  return { mark, pane, panePid: Number(panePid) };
}

/** A single word would be a line for a shell. */
function words(command: readonly string[]): string[] {
  return (command.length === 1 ? ['env', ...command] : command).map(literal);
}

/** tmux ends a command at a word that ends in a semicolon. */
function literal(word: string): string {
  return word.endsWith(';') ? `${word.slice(0, -1)}\\;` : word;
}

function failed(name: string, detail: string): StopgateError {
  return new StopgateError('tmux-failed', `tmux session ${name} was not started: ${detail}`, {
    hint: detail.includes('duplicate session')
      ? 'Choose another name; see: tmux list-sessions'
      : 'Is tmux 3.2 or newer installed?',
  });
}
