import type { Entry, HostRules } from '../../config/types.ts';
import { handOffEntries } from '../hand-off.ts';

/** What each event of Claude Code calls, with its timeout in seconds (docs/hosts.md, Claude Code, Registration). */
const CALLS = [
  ['Stop', 'stop-gate-router', 10],
  ['SessionStart', 'session', 5],
  ['SessionEnd', 'session', 5],
  ['UserPromptSubmit', 'prompt', 5],
  ['PreCompact', 'session', 5],
  ['PostCompact', 'session', 5],
] as const;

/** The hooks that Claude Code is to run, given the command that calls our launcher and the tools that hand off. */
export function claudeEntries(launcher: string, tools: readonly string[] = []): Entry[] {
  const entries = CALLS.map(([event, verb, timeout]) => ({
    event,
    command: `${launcher} ${verb} --host claude`,
    timeout,
  }));
  return [...entries, ...handOffEntries(`${launcher} shutdown-after-idle --host claude`, tools)];
}

export const CLAUDE_RULES: HostRules = { name: 'Claude Code', bom: true, rootKeys: null };
