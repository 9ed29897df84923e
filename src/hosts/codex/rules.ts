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
  return current === null || isAsWritten || isOlderText(current)
    ? { kind: 'write', text: RULES_TEXT }
    : { kind: 'kept' };
}

/** True for the very text that an older stopgate wrote, which lets every command out of the sandbox. */
export function isOlderText(text: string): boolean {
  return text === TEXT_OF_0_1;
}

/** The file of our own among Codex's rules. */
export function codexRulesPath(env: Environment): string {
  return join(codexHome(env), 'rules', 'stopgate.rules');
}

/**
 * What leaves the sandbox: subcommands that only write the state of builds. Those that run a command for an agent put it
 * back into the session's own sandbox (src/rights). The hidden `watch`, which takes a command, is not among them. Without
 * `host_executable` a rule matches by the last part of a path, and any file named stopgate in a workspace would be let out.
 */
export const RULES_TEXT = `# Written by \`stopgate install --allow\`; \`stopgate uninstall\` removes it. A changed file is left alone.
# Codex's sandbox keeps commands from writing outside the workspace, and with that from keeping the state of a build.
# What is listed here runs outside it, unasked, when it is a command of its own. It writes the state of builds and nothing
# else: what \`complete\` and \`wait\` run for an agent runs inside the sandbox of that agent's session.
# Only the stopgate on PATH is meant, never a file of that name elsewhere.
host_executable(name="stopgate", paths=[])
prefix_rule(
    pattern=["stopgate", "build", [
        "start", "step", "phase", "wait", "pause", "resume", "renew", "claim",
        "complete", "fail", "escalate", "release", "status", "history", "report",
    ]],
    decision="allow",
)
prefix_rule(pattern=["stopgate", "status"], decision="allow")
`;

const TEXT_OF_0_1 = `# Written by \`stopgate install\`; \`stopgate uninstall\` removes it. A changed file is left alone.
# Codex's sandbox keeps commands from writing outside the workspace, and with that from keeping the state of a build.
# These two run outside it when they are a command of their own, as in \`stopgate build complete\`.
prefix_rule(pattern=["stopgate", ["build", "status"]], decision="allow")
`;
