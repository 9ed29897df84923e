import type { Entry, HostRules } from '../../config/types.ts';

/** The hooks that Claude Code is to run, given the command that calls our launcher. */
export function claudeEntries(launcher: string): Entry[] {
  return [{ event: 'Stop', command: `${launcher} build-stop --host claude`, timeout: 10 }];
}

export const CLAUDE_RULES: HostRules = { name: 'Claude Code', bom: true, rootKeys: null };
