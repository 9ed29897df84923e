import { readdirSync, readFileSync } from 'node:fs';
import { ancestors } from '../owner/process.ts';

/**
 * True while a command runs that this Codex session left in the background: Codex names none of them at a stop, gives each the
 * session's id, and starts them itself. What detached from it doesn't count. Told on Linux only.
 */
export function hasBackgroundCommand(sessionId: string): boolean {
  if (process.platform !== 'linux') return false;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .some((pid) => belongsTo(pid, sessionId) && isBelowCodex(Number(pid)));
}

function belongsTo(pid: string, sessionId: string): boolean {
  try {
    const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    return variables.includes(`CODEX_THREAD_ID=${sessionId}`);
  } catch {
    return false;
  }
}

function isBelowCodex(pid: number): boolean {
  return ancestors(pid).some(({ name }) => name === 'codex');
}
