import type { Node } from 'jsonc-parser';
import type { Document } from './document.ts';
import { field, propertiesOf } from './nodes.ts';
import { refuse } from './position.ts';
import type { Entry, HostRules, Refusal } from './types.ts';

/** What keeps us from editing a well-formed file: a shape in which something could be lost or would not run. */
export function checkShape(
  { text, root }: Document,
  entries: readonly Entry[],
  rules: HostRules,
): Refusal | null {
  if (text.startsWith('\uFEFF') && !rules.bom) {
    const what = `a byte order mark, and ${rules.name} drops a file that starts with one`;
    return refuse(text, 0, 'byte-order-mark', what, 'Save the file without it.');
  }
  if (root === null) return null;
  if (root.type !== 'object') {
    const what = `the settings are ${nameOf(root)}; an object was expected`;
    return refuse(text, root.offset, 'root-not-object', what, 'Make the root an object.');
  }
  return (
    unknownRootKey(text, root, rules) ??
    duplicateHooks(text, root) ??
    wrongTypes(text, root, entries, rules)
  );
}

function unknownRootKey(text: string, root: Node, rules: HostRules): Refusal | null {
  const allowed = rules.rootKeys;
  if (allowed === null) return null;
  const wrong = propertiesOf(root).find(({ key }) => !allowed.includes(key));
  if (wrong === undefined) return null;
  const what = `the key "${wrong.key}", and ${rules.name} drops a file that has other keys than ${allowed.join(', ')}`;
  return refuse(text, wrong.node.offset, 'unknown-root-key', what, 'Remove the key.');
}

/** A host obeys the last of two equal keys; an edit of either would be a guess at what the person meant. */
function duplicateHooks(text: string, root: Node): Refusal | null {
  const own = propertiesOf(root).filter(({ key }) => key === 'hooks');
  const duplicate = own[1] ?? own.flatMap(({ value }) => duplicatesBelow(value))[0];
  if (duplicate === undefined) return null;
  const what = `a second "${duplicate.key}" in the same object; the host obeys only the last one`;
  return refuse(text, duplicate.node.offset, 'duplicate-key', what, 'Merge the two by hand.');
}

function duplicatesBelow(node: Node): ReturnType<typeof propertiesOf> {
  if (node.type === 'array') return (node.children ?? []).flatMap(duplicatesBelow);
  if (node.type !== 'object') return [];
  const seen = new Set<string>();
  return propertiesOf(node).flatMap((property) => {
    const again = seen.has(property.key);
    seen.add(property.key);
    return again ? [property] : duplicatesBelow(property.value);
  });
}

function wrongTypes(
  text: string,
  root: Node,
  entries: readonly Entry[],
  rules: HostRules,
): Refusal | null {
  const hooks = field(root, 'hooks');
  if (hooks === undefined) return null;
  if (hooks.type !== 'object') {
    const what = `"hooks" is ${nameOf(hooks)}; an object was expected, and ${rules.name} ignores it`;
    return refuse(text, hooks.offset, 'hooks-not-object', what, 'Remove the key, or make it {}.');
  }
  for (const { event } of entries) {
    const groups = field(hooks, event);
    if (groups === undefined || groups.type === 'array') continue;
    const what = `"hooks.${event}" is ${nameOf(groups)}; an array was expected, and ${rules.name} ignores it`;
    return refuse(text, groups.offset, 'event-not-array', what, 'Remove the key, or make it [].');
  }
  return null;
}

function nameOf(node: Node): string {
  if (node.type === 'null') return 'null';
  return node.type === 'object' || node.type === 'array' ? `an ${node.type}` : `a ${node.type}`;
}
