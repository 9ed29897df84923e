import { callTmux } from './call.ts';

/** The tmux user option that makes a session or a pane ours. It survives a rename, and moves with its pane. */
export const MARK_OPTION = '@stopgate';

/** A mark that nobody else has by chance. */
export function newMark(): string {
  const { randomBytes } = process.getBuiltinModule('node:crypto');
  return `sg-${randomBytes(8).toString('hex')}`;
}

/** True for a mark of ours; what somebody else keeps in an option of that name is none. */
export function isMark(text: string): boolean {
  return /^sg-[0-9a-f]{16}$/.test(text);
}

/** The tmux commands that claim the session and the pane at `target`; a claim that is there already makes them fail. */
export function claimCommands(target: string, mark: string): string[] {
  const claim = ['-o', '-t', target, MARK_OPTION, mark];
  return ['set-option', ...claim, ';', 'set-option', '-p', ...claim];
}

/**
 * Marks one pane as ours, for a pane that stopgate opens in a session that is already there. The session keeps its own
 * mark or none: a person's session never becomes ours. False when the pane is gone or claimed.
 */
export async function markPane(socket: string, pane: string, mark: string): Promise<boolean> {
  if (!/^%\d+$/.test(pane) || !isMark(mark)) return false;
  const set = ['set-option', '-p', '-o', '-t', pane, MARK_OPTION, mark];
  return (await callTmux(socket, set)).kind === 'answer';
}
