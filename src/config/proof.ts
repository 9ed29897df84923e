import type { Node } from 'jsonc-parser';
import type { Document } from './document.ts';
import { field, propertiesOf } from './nodes.ts';
import { holdsOnlyOurs, ownCommand, ownHandlers } from './ours.ts';
import type { Entry } from './types.ts';

/**
 * True when an edit changed nothing but our own entries, and left exactly the given ones. Compares every value as it
 * is written and every key in its place, so that neither a duplicate key nor a long number can vanish unseen.
 */
export function proveOnlyOurs(
  before: Document,
  after: Document,
  entries: readonly Entry[],
): boolean {
  const own = ownHandlers(after.root);
  const exact =
    own.length === entries.length &&
    entries.every((entry) =>
      own.some(({ event, command }) => event === entry.event && command === entry.command),
    );
  const touched = new Set([...ownHandlers(before.root), ...entries].map(({ event }) => event));
  return exact && withoutOurs(before, touched) === withoutOurs(after, touched);
}

function withoutOurs({ text, root }: Document, touched: ReadonlySet<string>): string {
  if (root === null) return '[]';
  const hooks = field(root, 'hooks');
  return JSON.stringify(
    propertiesOf(root).flatMap(({ key, value }) => {
      if (value !== hooks || value.type !== 'object') return [[key, written(text, value)]];
      const events = propertiesOf(value).flatMap((event) => {
        const rest = restOfEvent(text, event.value);
        return rest === '[]' && touched.has(event.key) ? [] : [[event.key, rest]];
      });
      return events.length === 0 && touched.size > 0 ? [] : [[key, events]];
    }),
  );
}

function restOfEvent(text: string, groups: Node): string {
  if (groups.type !== 'array') return written(text, groups);
  const rest = (groups.children ?? []).flatMap((group): unknown[] => {
    if (holdsOnlyOurs(group)) return [];
    const handlers = field(group, 'hooks');
    if (handlers?.type !== 'array') return [written(text, group)];
    return [
      propertiesOf(group).map(({ key, value }) => [
        key,
        value === handlers
          ? (handlers.children ?? []).flatMap((handler) =>
              ownCommand(handler) === null ? [written(text, handler)] : [],
            )
          : written(text, value),
      ]),
    ];
  });
  return JSON.stringify(rest);
}

function written(text: string, node: Node): string {
  return text.slice(node.offset, node.offset + node.length);
}
