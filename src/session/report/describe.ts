import { basename } from 'node:path';
import { oneLine } from '../../build/line.ts';
import type { Item } from './items.ts';

const WHY_BYTES = 120;

/** What an item is called; for display only, nothing is looked up by it. */
export function nameOf(item: Item): string {
  switch (item.kind) {
    case 'tmux':
      return `${oneLine(item.session.name, 60)} (${item.session.id} at ${basename(item.socket)})`;
    case 'record':
      return `${item.record.host} session ${oneLine(item.record.sessionId, 60)}`;
    case 'launch':
      return `start of ${oneLine(item.launch.pane.sessionName, 60)} (${item.launch.mark})`;
    case 'build':
      return `build ${item.build.id}`;
    case 'server':
      return `tmux server ${item.answer.socket}`;
    case 'file':
      return item.path;
    default:
      return item satisfies never;
  }
}

/** One line of a report: class, name, facts. */
export function lineOf(item: Item): string {
  const why = oneLine(item.judgement.why.join('; '), WHY_BYTES);
  return `${item.judgement.class}  ${nameOf(item)}: ${why}`;
}
