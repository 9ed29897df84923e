import { sessionStartContext } from '../context.ts';
import { parseEvent } from '../event.ts';
import type { Host } from '../host.ts';

export const codex: Host = {
  id: 'codex',
  parseEvent: (payload) => parseEvent('codex', payload),
  renderVerdict(verdict) {
    if (verdict.decision === 'block') return { decision: 'block', reason: verdict.reason };
    const { systemMessage } = verdict;
    return systemMessage === undefined ? {} : { systemMessage };
  },
  renderContext: sessionStartContext,
};
