import { StopgateError } from '../../errors.ts';
import { nameOf } from './describe.ts';
import type { Item } from './items.ts';

/**
 * The one item that NAME means: a session id, a mark, a tmux session's `$id` or its whole name, exactly. Pure.
 * @throws StopgateError `no-session`, `ambiguous`.
 */
export function named(name: string, items: readonly Item[]): Item {
  const found = items.filter((item) => namesOf(item).includes(name));
  const [first, ...more] = found;
  if (first === undefined) {
    throw new StopgateError('no-session', `There is no session "${name}".`, {
      hint: "Expected a session id, a mark (sg-…), a tmux session's $id or its whole name; see: stopgate session report",
    });
  }
  if (more.length === 0) return first;
  throw new StopgateError(
    'ambiguous',
    `"${name}" means ${found.length} things: ${found.map(nameOf).join(', ')}.`,
    {
      hint: 'Name it by its session id or its mark (sg-…); see: stopgate session report --json',
    },
  );
}

function namesOf(item: Item): string[] {
  switch (item.kind) {
    case 'tmux': {
      const { session, tied } = item;
      const ids = tied.records.map(({ sessionId }) => sessionId);
      return [session.id, session.name, session.mark ?? '', ...ids].filter((name) => name !== '');
    }
    case 'record':
      return [item.record.sessionId];
    case 'launch':
      return [item.launch.mark];
    case 'build':
    case 'server':
    case 'file':
      return [];
    default:
      return item satisfies never;
  }
}
