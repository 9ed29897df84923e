import type { Request } from '../../src/shutdown/request.ts';

/** A request as the PostToolUse hook makes it; `more` is what the test is about. */
export function requestOf(more: Partial<Request> = {}): Request {
  return {
    schema: 1,
    host: 'claude',
    sessionId: 's-1',
    role: 'intake',
    tool: 'hand_off',
    daemon: false,
    agent: { pid: 100, start: 'boot:1' },
    pane: null,
    transcript: '/t.jsonl',
    requestedAt: '2026-01-02T03:04:05.000Z',
    kill: false,
    stop: null,
    state: 'pending',
    attempts: 0,
    reason: null,
    ...more,
  };
}
