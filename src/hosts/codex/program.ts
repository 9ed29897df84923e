import { accessSync, constants, readlinkSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { agentAbove } from '../../owner/agent.ts';
import type { ProcessInfo } from '../../owner/process.ts';
import type { Environment } from './settings-path.ts';

/**
 * The Codex to call: the very program that runs above us, else the first one on PATH; `null` where there is none. A
 * relative entry of PATH may lie in a workspace and is left out.
 */
export function codexProgram(chain: readonly ProcessInfo[], env: Environment): string | null {
  const above = agentAbove(chain);
  const running = above?.kind === 'codex' ? programOf(above.info.pid) : null;
  return running ?? onPath(env.PATH ?? '');
}

function programOf(pid: number): string | null {
  try {
    const path = readlinkSync(`/proc/${pid}/exe`);
    return /\/codex[^/]*$/.test(path) && isExecutable(path) ? path : null;
  } catch {
    return null;
  }
}

function onPath(path: string): string | null {
  const places = path.split(delimiter).filter(isAbsolute);
  return places.map((dir) => join(dir, 'codex')).find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
