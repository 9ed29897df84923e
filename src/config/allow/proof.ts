import type { Node } from 'jsonc-parser';
import type { Document } from '../document.ts';
import { field, propertiesOf } from '../nodes.ts';
import { rulesOf } from './find.ts';

/** True when `longer` is `shorter` and, in `permissions.allow`, each of `rules` once more; nothing else differs. */
export function proveOnlyRules(
  shorter: Document,
  longer: Document,
  rules: readonly string[],
): boolean {
  const before = without(shorter, []);
  return before !== null && before === without(longer, rules);
}

/** Everything but the given rules, every value as it is written; `null` when a rule is missing. */
function without({ text, root }: Document, rules: readonly string[]): string | null {
  const permissions = field(root ?? undefined, 'permissions');
  const allow = field(permissions, 'allow');
  const left = [...rules];
  const kept = (allow?.children ?? []).toReversed().flatMap((node, at) => {
    const found = left.indexOf(String(rulesOf(allow).toReversed()[at]));
    if (found >= 0) left.splice(found, 1);
    return found >= 0 ? [] : [written(text, node)];
  });
  if (left.length > 0) return null;
  const inPermissions = listed(permissions, text, allow, kept);
  return JSON.stringify(listed(root ?? undefined, text, permissions, inPermissions));
}

/** The keys of an object and how their values are written, those of `inner` replaced; an empty `inner` is left out. */
function listed(
  object: Node | undefined,
  text: string,
  inner: Node | undefined,
  replaced: readonly unknown[],
): unknown[] {
  if (object?.type !== 'object') return [];
  const isContainer = inner?.type === 'object' || inner?.type === 'array';
  return propertiesOf(object).flatMap(({ key, value }) => {
    if (value !== inner || !isContainer) return [[key, written(text, value)]];
    return replaced.length === 0 ? [] : [[key, replaced]];
  });
}

function written(text: string, node: Node): string {
  return text.slice(node.offset, node.offset + node.length);
}
