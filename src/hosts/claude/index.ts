import { sessionStartContext } from '../context.ts';
import { parseEvent } from '../event.ts';
import type { Host } from '../host.ts';

export const claude: Host = {
  id: 'claude',
  parseEvent: (payload) => parseEvent('claude', payload),
  renderVerdict(verdict) {
    if (verdict.decision === 'block') return { decision: 'block', reason: verdict.reason };
    const { systemMessage } = verdict;
    return systemMessage === undefined
      ? { decision: 'approve' }
      : { decision: 'approve', systemMessage };
  },
  renderContext: sessionStartContext,
};
