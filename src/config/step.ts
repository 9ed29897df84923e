import type { Node } from 'jsonc-parser';
import type { Document } from './document.ts';
import { field, propertiesOf } from './nodes.ts';
import { holdsOnlyOurs, type OwnHandler, ownHandlers } from './ours.ts';
import { appendChild, interiorOf, removeChild, replaceValue, type Splice } from './splice.ts';
import { detectStyle } from './style.ts';
import type { Change, Entry, Origin } from './types.ts';

export interface Step {
  readonly splice: Splice;
  readonly change: Change;
  /** Containers that this step creates or fills, as `Origin` records them. */
  readonly containers: Readonly<Record<string, string | null>>;
}

/** The next single edit that brings a document closer to exactly the given entries; null when it is there. */
export function nextStep(
  document: Document,
  entries: readonly Entry[],
  origin: Origin,
): Step | null {
  const own = ownHandlers(document.root);
  for (const entry of entries) {
    const found = own.filter(({ event }) => event === entry.event);
    const kept = found.find((handler) => matches(handler, entry)) ?? found[0];
    if (kept === undefined) return add(document, entry);
    const surplus = found.find((handler) => handler !== kept);
    if (surplus !== undefined) return remove(document, surplus, origin);
    const fix = update(document, kept, entry, origin);
    if (fix !== null) return fix;
  }
  const stray = own.find(({ event }) => !entries.some((entry) => entry.event === event));
  return stray === undefined ? null : remove(document, stray, origin);
}

function matches(own: OwnHandler, entry: Entry): boolean {
  return (
    matcherFits(own, entry) &&
    Object.entries(fieldsOf(entry)).every(
      ([key, value]) => field(own.handler, key)?.value === value,
    )
  );
}

function add({ text, root }: Document, entry: Entry): Step | null {
  if (root === null) return null;
  const group = {
    ...(entry.matcher === undefined ? {} : { matcher: entry.matcher }),
    hooks: [fieldsOf(entry)],
  };
  const change: Change = { op: 'add', event: entry.event, command: entry.command };
  const style = detectStyle(text, root);
  const into = (path: string, container: Node, key: string | null, value: unknown): Step => {
    const empty = container.children?.length ? {} : { [path]: interiorOf(text, container) };
    const created: Record<string, null> = {};
    if (path === '') created['/hooks'] = null;
    if (path !== eventPath(entry.event)) created[eventPath(entry.event)] = null;
    const splice = appendChild(text, container, style, key, value);
    return { splice, change, containers: { ...empty, ...created } };
  };
  const hooks = field(root, 'hooks');
  if (hooks === undefined) return into('', root, 'hooks', { [entry.event]: [group] });
  const groups = field(hooks, entry.event);
  if (groups === undefined) return into('/hooks', hooks, entry.event, [group]);
  return into(eventPath(entry.event), groups, null, group);
}

/** Changes what differs and nothing else, so that keys which a person added to our handler stay. */
function update(document: Document, own: OwnHandler, entry: Entry, origin: Origin): Step | null {
  const { text, root } = document;
  const change: Change = { op: 'update', event: entry.event, command: entry.command };
  const style = detectStyle(text, root);
  if (!matcherFits(own, entry)) {
    if (!holdsOnlyOurs(own.group)) return remove(document, own, origin);
    const matcher = field(own.group, 'matcher');
    const splice = matcher
      ? replaceValue(matcher, entry.matcher ?? '')
      : appendChild(text, own.group, style, 'matcher', entry.matcher);
    return { splice, change, containers: {} };
  }
  for (const [key, value] of Object.entries(fieldsOf(entry))) {
    const now = field(own.handler, key);
    if (now?.value === value) continue;
    const splice = now
      ? replaceValue(now, value)
      : appendChild(text, own.handler, style, key, value);
    return { splice, change, containers: {} };
  }
  return null;
}

/** Takes out one handler of ours, and of what held it only what is empty without it and was not there before us. */
function remove({ root }: Document, own: OwnHandler, origin: Origin): Step | null {
  const change: Change = { op: 'remove', event: own.event, command: own.command };
  const step = (splice: Splice): Step => ({ splice, change, containers: {} });
  const hooks = field(root ?? undefined, 'hooks');
  if (root === null || hooks === undefined) return null;
  if (own.handlers.children?.length !== 1 || !holdsOnlyOurs(own.group)) {
    return step(removeChild(own.handlers, own.handlerIndex, ''));
  }
  const levels = [
    { path: eventPath(own.event), container: own.groups, index: own.groupIndex },
    { path: '/hooks', container: hooks, index: indexOfKey(hooks, own.event) },
  ];
  for (const { path, container, index } of levels) {
    const before = origin.containers[path];
    if (container.children?.length !== 1) return step(removeChild(container, index, ''));
    if (typeof before === 'string') return step(removeChild(container, index, before));
  }
  return step(removeChild(root, indexOfKey(root, 'hooks'), origin.containers[''] ?? ''));
}

/** No matcher, an empty one and `*` all mean every occurrence. */
function matcherFits(own: OwnHandler, entry: Entry): boolean {
  const matcher = field(own.group, 'matcher');
  const found = matcher === undefined || matcher.value === '*' ? '' : matcher.value;
  return found === (entry.matcher ?? '');
}

function fieldsOf(entry: Entry): Record<string, string | number> {
  return { type: 'command', command: entry.command, timeout: entry.timeout };
}

function indexOfKey(object: Node, key: string): number {
  return propertiesOf(object).findIndex((property) => property.key === key);
}

function eventPath(event: string): string {
  return `/hooks/${event}`;
}
