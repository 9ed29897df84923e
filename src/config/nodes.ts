import type { Node } from 'jsonc-parser';

export interface Property {
  readonly node: Node;
  readonly key: string;
  readonly keyNode: Node;
  readonly value: Node;
}

/** The properties of an object in file order, duplicates included. */
export function propertiesOf(object: Node): Property[] {
  return (object.children ?? []).flatMap((node) => {
    const [keyNode, value] = node.children ?? [];
    return keyNode && value ? [{ node, key: String(keyNode.value), keyNode, value }] : [];
  });
}

/** The value of a key, if the node is an object that has it; of duplicates the last, as JSON.parse has it. */
export function field(object: Node | undefined, key: string): Node | undefined {
  if (object?.type !== 'object') return undefined;
  return propertiesOf(object).findLast((property) => property.key === key)?.value;
}

export function endOf(node: Node): number {
  return node.offset + node.length;
}
