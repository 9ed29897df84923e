import { confirm, isCancel, note, select } from '@clack/prompts';
import type { HostId } from '../owner/identity.ts';
import type { InstallFlags, Outcome } from './install.ts';
import { describe } from './install.ts';
import { rendered } from './print.ts';

/** Asks a person what to install and shows the difference first; `null` when they would rather not. */
export async function askInstall(
  preview: (flags: InstallFlags) => Promise<Outcome[]>,
): Promise<InstallFlags | null> {
  const host = await select<HostId | 'all'>({
    message: 'Install the hooks for which agent program?',
    options: [
      { value: 'claude', label: 'Claude Code' },
      { value: 'codex', label: 'Codex' },
      { value: 'all', label: 'both' },
    ],
  });
  if (isCancel(host)) return null;
  const scope = await select({
    message: 'In which settings?',
    options: [
      { value: 'user' as const, label: 'user: every project of yours' },
      { value: 'project' as const, label: 'project: committed, for everybody who works on it' },
      ...(host === 'claude'
        ? [{ value: 'local' as const, label: 'local: this checkout, yours' }]
        : []),
    ],
  });
  if (isCancel(scope)) return null;
  const allow = await confirm({ message: ALLOW[host], initialValue: false });
  if (isCancel(allow)) return null;
  const skills = await confirm({
    message: 'Add the two skills that tell an agent when to call stopgate?',
    initialValue: false,
  });
  if (isCancel(skills)) return null;
  const chosen: InstallFlags = { host, scope, allow, ...(skills ? { skills } : {}) };
  note(rendered((await preview(chosen)).flatMap(describe)), 'what would be written');
  const go = await confirm({ message: 'Write this?' });
  if (go !== true) return null;
  if (host === 'claude') return chosen;
  const trust = await confirm({ message: 'Have Codex trust exactly these hooks?' });
  return isCancel(trust) ? null : { ...chosen, trust };
}

const ALLOW = {
  claude: 'Let Claude Code keep the state of its build without asking you?',
  codex: 'Let Codex keep the state of its build outside its sandbox, without asking you?',
  all: 'Let Claude Code and Codex (outside its sandbox) keep the state of a build without asking you?',
};
