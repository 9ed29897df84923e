import { join } from 'node:path';
import { codexHome, type Environment } from './settings-path.ts';

export type RulesPlan =
  | { readonly kind: 'write'; readonly text: string }
  | { readonly kind: 'unchanged' }
  /** The file is there with other content: a person's. */
  | { readonly kind: 'kept' };

/**
 * What to do about the rules file, given what it holds (null: there is none), and whether that is what a stopgate wrote.
 * A person's text is never replaced.
 */
export function planRules(current: string | null, isAsWritten: boolean): RulesPlan {
  if (current === RULES_TEXT) return { kind: 'unchanged' };
  return current === null || isAsWritten ? { kind: 'write', text: RULES_TEXT } : { kind: 'kept' };
}

/** The file of our own among Codex's rules. */
export function codexRulesPath(env: Environment): string {
  return join(codexHome(env), 'rules', 'stopgate.rules');
}

/** Only what an agent needs: `run`, say, would take any command along with it. */
export const RULES_TEXT = `# Written by \`stopgate install\`; \`stopgate uninstall\` removes it. A changed file is left alone.
# Codex's sandbox keeps commands from writing outside the workspace, and with that from keeping the state of a build.
# These two run outside it when they are a command of their own, as in \`stopgate build complete\`.
prefix_rule(pattern=["stopgate", ["build", "status"]], decision="allow")
`;
