import type { Node } from 'jsonc-parser';
import { field, propertiesOf } from './nodes.ts';
import { isOurCommand } from './recognise.ts';

/** A handler of ours in a settings tree, with everything that holds it. */
export interface OwnHandler {
  readonly event: string;
  readonly command: string;
  readonly groups: Node;
  readonly groupIndex: number;
  readonly group: Node;
  readonly handlers: Node;
  readonly handlerIndex: number;
  readonly handler: Node;
}

/** Every handler of ours, in file order. */
export function ownHandlers(root: Node | null): OwnHandler[] {
  const hooks = field(root ?? undefined, 'hooks');
  if (hooks?.type !== 'object') return [];
  return propertiesOf(hooks).flatMap(({ key, value }) => inEvent(key, value));
}

/** The command of a handler node that is ours, else null. */
export function ownCommand(handler: Node): string | null {
  const type = field(handler, 'type');
  const command = field(handler, 'command')?.value;
  if (type !== undefined && type.value !== 'command') return null;
  return typeof command === 'string' && isOurCommand(command) ? command : null;
}

/** True when nothing would remain of a group without our handlers. */
export function holdsOnlyOurs(group: Node): boolean {
  const handlers = field(group, 'hooks')?.children ?? [];
  return (
    handlers.length > 0 &&
    handlers.every((handler) => ownCommand(handler) !== null) &&
    propertiesOf(group).every(({ key }) => key === 'hooks' || key === 'matcher')
  );
}

function inEvent(event: string, groups: Node): OwnHandler[] {
  if (groups.type !== 'array') return [];
  return (groups.children ?? []).flatMap((group, groupIndex) => {
    const handlers = field(group, 'hooks');
    if (handlers?.type !== 'array') return [];
    return (handlers.children ?? []).flatMap((handler, handlerIndex) => {
      const command = ownCommand(handler);
      if (command === null) return [];
      return [{ event, command, groups, groupIndex, group, handlers, handlerIndex, handler }];
    });
  });
}
