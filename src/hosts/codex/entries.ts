import type { Entry, HostRules } from '../../config/types.ts';
import { handOffEntries } from '../hand-off.ts';

/**
 * The hooks that Codex is to run, given the command that calls our launcher and the tools that hand off. A command, its
 * timeout and its matcher are part of what a person trusted: a changed one stays silent until it is trusted again.
 */
export function codexEntries(launcher: string, tools: readonly string[] = []): Entry[] {
  const session = `${launcher} session --host codex`;
  return [
    { event: 'Stop', command: `${launcher} stop-gate-router --host codex`, timeout: 10 },
    { event: 'SessionStart', command: session, timeout: 5 },
    { event: 'UserPromptSubmit', command: `${launcher} prompt --host codex`, timeout: 5 },
    { event: 'PreCompact', command: session, timeout: 5 },
    { event: 'PostCompact', command: session, timeout: 5 },
    { event: 'SessionEnd', command: session, timeout: SESSION_END_MAXIMUM },
    ...handOffEntries(`${launcher} shutdown-after-idle --host codex`, tools),
  ];
}

export const CODEX_RULES: HostRules = {
  name: 'Codex',
  bom: false,
  rootKeys: ['hooks', 'description'],
};

/** More than this and Codex drops the whole file. */
const SESSION_END_MAXIMUM = 3;
