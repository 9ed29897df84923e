import type { Node } from 'jsonc-parser';
import type { Document } from '../document.ts';
import { field, propertiesOf } from '../nodes.ts';
import { refuse } from '../position.ts';
import type { Refusal } from '../types.ts';

/** What a settings file holds of permissions. */
export interface Permissions {
  readonly kind: 'permissions';
  readonly permissions: Node | undefined;
  readonly allow: Node | undefined;
}

/** Finds `permissions.allow`; a refusal where an edit would be a guess. */
export function findPermissions({ text, root }: Document): Permissions | Refusal {
  const permissions = field(root ?? undefined, 'permissions');
  const allow = field(permissions, 'allow');
  const second = secondOf(root, 'permissions') ?? secondOf(permissions, 'allow');
  if (second !== undefined) {
    const what = `a second "${second.key}" in the same object; the host obeys only the last one`;
    return refuse(text, second.node.offset, 'duplicate-key', what, 'Merge the two by hand.');
  }
  if (permissions !== undefined && permissions.type !== 'object') {
    const what = `"permissions" is of type ${permissions.type}; an object was expected`;
    const hint = 'Remove the key, or make it {}.';
    return refuse(text, permissions.offset, 'permissions-not-object', what, hint);
  }
  if (allow !== undefined && allow.type !== 'array') {
    const what = `"permissions.allow" is of type ${allow.type}; an array was expected`;
    return refuse(text, allow.offset, 'allow-not-array', what, 'Remove the key, or make it [].');
  }
  return { kind: 'permissions', permissions, allow };
}

/** The rules of an array in file order; what is no string is a person's mistake and stays. */
export function rulesOf(allow: Node | undefined): unknown[] {
  return (allow?.children ?? []).map(({ type, value }) => (type === 'string' ? value : null));
}

function secondOf(object: Node | null | undefined, key: string) {
  if (object?.type !== 'object') return undefined;
  return propertiesOf(object).filter((property) => property.key === key)[1];
}
