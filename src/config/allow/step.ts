import type { Document } from '../document.ts';
import { propertiesOf } from '../nodes.ts';
import { appendChild, interiorOf, removeChild, type Splice } from '../splice.ts';
import { detectStyle } from '../style.ts';
import { type Permissions, rulesOf } from './find.ts';

/** As `Origin.containers`, for `/permissions` and `/permissions/allow`. */
export type Containers = Readonly<Record<string, string | null>>;

export interface AllowStep {
  readonly splice: Splice;
  readonly containers: Containers;
}

const PERMISSIONS = '/permissions';
const ALLOW = '/permissions/allow';

/** Adds one rule at the end, with the containers it needs. */
export function addRule(
  { text, root }: Document,
  { permissions, allow }: Permissions,
  rule: string,
): AllowStep | null {
  if (root === null) return null;
  const style = detectStyle(text, root);
  if (permissions === undefined) {
    const splice = appendChild(text, root, style, 'permissions', { allow: [rule] });
    return { splice, containers: { [PERMISSIONS]: null, [ALLOW]: null } };
  }
  if (allow === undefined) {
    const splice = appendChild(text, permissions, style, 'allow', [rule]);
    return { splice, containers: { ...emptied(text, PERMISSIONS, permissions), [ALLOW]: null } };
  }
  const splice = appendChild(text, allow, style, null, rule);
  return { splice, containers: emptied(text, ALLOW, allow) };
}

/** Takes one rule out, and of what held it only what is empty without it and was not there before us. */
export function removeRule(
  { root }: Document,
  { permissions, allow }: Permissions,
  rule: string,
  containers: Containers,
): Splice | null {
  const index = rulesOf(allow).lastIndexOf(rule);
  if (root === null || permissions === undefined || allow === undefined || index < 0) return null;
  const levels = [
    { path: ALLOW, container: allow, at: index },
    { path: PERMISSIONS, container: permissions, at: keyIndex(permissions, 'allow') },
  ];
  for (const { path, container, at } of levels) {
    const before = containers[path];
    if (container.children?.length !== 1) return removeChild(container, at, '');
    if (before !== null) return removeChild(container, at, before ?? '');
  }
  return removeChild(root, keyIndex(root, 'permissions'), '');
}

function emptied(text: string, path: string, container: Parameters<typeof interiorOf>[1]) {
  return container.children?.length ? {} : { [path]: interiorOf(text, container) };
}

function keyIndex(object: Parameters<typeof propertiesOf>[0], key: string): number {
  return propertiesOf(object).findIndex((property) => property.key === key);
}
