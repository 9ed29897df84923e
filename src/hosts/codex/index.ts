import { existsSync } from 'node:fs';
import { checkoutOf } from '../../owner/checkout.ts';
import { sessionStartContext } from '../context.ts';
import { parseEvent } from '../event.ts';
import type { Host } from '../host.ts';
import { codexHooksPath } from './settings-path.ts';

const SCOPES = ['user', 'project'] as const;

export const codex: Host = {
  id: 'codex',
  parseEvent: (payload) => parseEvent('codex', payload),
  renderVerdict(verdict) {
    if (verdict.decision === 'block') return { decision: 'block', reason: verdict.reason };
    const { systemMessage } = verdict;
    return systemMessage === undefined ? {} : { systemMessage };
  },
  renderContext: sessionStartContext,
  mayCallTwice({ cwd }, env) {
    const project = checkoutOf(cwd);
    return SCOPES.every((scope) => existsSync(codexHooksPath(scope, project, env)));
  },
};
