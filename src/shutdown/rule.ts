import type { HostId } from '../owner/identity.ts';
import type { ShutdownRule } from '../settings/schema.ts';

/** The first rule that names this role, tool and host. Pure. */
export function ruleFor(
  rules: readonly ShutdownRule[],
  role: string,
  tool: string,
  host: HostId,
): ShutdownRule | null {
  const fits = (rule: ShutdownRule) =>
    rule.role === role && rule.tool === tool && (rule.host ?? host) === host;
  return rules.find(fits) ?? null;
}

/** The tools that any role of this host hands off with: what the PostToolUse entry matches, and nothing else. */
export function toolsFor(rules: readonly ShutdownRule[], host: HostId): string[] {
  const own = rules.filter((rule) => (rule.host ?? host) === host);
  return [...new Set(own.map(({ tool }) => tool))].sort();
}
