import { basename, dirname, join } from 'node:path';
import { isWideRule } from '../hosts/claude/allow.ts';
import { claudeSettingsPath, SCOPES } from '../hosts/claude/settings-path.ts';
import { codexRulesPath, RULES_TEXT } from '../hosts/codex/rules.ts';
import { namesIn } from '../state/json-file.ts';
import { readText, STATE_BYTES } from '../state/read-file.ts';
import { findPermissions, rulesOf } from './allow/find.ts';
import type { Finding } from './doctor.ts';
import { parseDocument } from './document.ts';
import type { Place } from './site.ts';

/** Rules of a person's own that let an agent do more with stopgate than change the state of its build. */
export function rightsFindings({ env, project }: Place): Finding[] {
  const settings = SCOPES.map((scope) => claudeSettingsPath(scope, project, env));
  return [...new Set(settings)].flatMap(wideRules).concat(codexRules(codexRulesPath(env)));
}

function wideRules(path: string): Finding[] {
  const document = parseDocument(textOf(path) ?? '');
  const found = document.kind === 'refuse' ? document : findPermissions(document);
  if (found.kind === 'refuse') return [];
  return rulesOf(found.allow)
    .filter(isWideRule)
    .map((rule) => ({
      check: 'claude permissions',
      state: 'warning',
      what: `${path} allows ${rule}: with it an agent has any command run unasked`,
      hint: 'Take it out. What install --allow adds is enough to keep a build.',
    }));
}

/** Codex obeys every file in the directory; what ours says is known. */
function codexRules(own: string): Finding[] {
  const dir = dirname(own);
  return namesIn(dir)
    .filter((name) => name.endsWith('.rules'))
    .flatMap((name) => {
      const text = textOf(join(dir, name)) ?? '';
      const isOurs = name === basename(own) && text === RULES_TEXT;
      if (isOurs || !allowsStopgate(text)) return [];
      return {
        check: 'codex rules',
        state: 'warning',
        what: `${join(dir, name)} has a rule for stopgate that is not the one of install --allow`,
        hint: 'See that it names no command of stopgate that runs others, and a host_executable: docs/codex.md, The sandbox.',
      };
    });
}

function allowsStopgate(text: string): boolean {
  return text
    .split('\n')
    .some((line) => !line.trim().startsWith('#') && line.includes('"stopgate"'));
}

function textOf(path: string): string | null {
  try {
    return readText(path, STATE_BYTES);
  } catch {
    return null;
  }
}
