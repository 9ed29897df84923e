import { expect, it } from 'vitest';
import type { SessionRecord } from '../../src/session/schema.ts';
import type { Request } from '../../src/shutdown/request.ts';
import { mayStart } from '../../src/shutdown/start-closer.ts';
import type { Verdict } from '../../src/verdict.ts';

const agent = { pid: 100, start: 'boot:1' };
const request = { agent, pane: {}, attempts: 0, daemon: false } as Request;
const record = { agent, status: 'live' } as unknown as SessionRecord;
const done: Verdict = { decision: 'approve', cause: 'inactive' };
const nothing = { awaited: false, scheduledPrompts: 0 };

function may(more: {
  request?: Partial<Request>;
  record?: SessionRecord | null;
  agent?: typeof agent | null;
  event?: Partial<typeof nothing>;
  verdict?: Verdict;
  said?: object;
}) {
  return mayStart(
    { ...request, ...more.request } as Request,
    more.record === undefined ? record : more.record,
    more.agent === undefined ? agent : more.agent,
    { ...nothing, ...more.event },
    { verdict: more.verdict ?? done, record: more.said ?? {} },
  ).kind;
}

const approved = (cause: string) => ({ decision: 'approve', cause }) as Verdict;

it.each(['inactive', 'terminal', 'unowned', 'foreign'])(
  'starts after a stop approved as %s',
  (cause) => {
    expect(may({ verdict: approved(cause) })).toBe('start');
  },
);

it.each(['paused', 'unknown-identity', 'waiting', 'capped', 'disabled', 'error'])(
  'leaves it to the next idle after a stop approved as %s',
  (cause) => {
    expect(may({ verdict: approved(cause) })).toBe('defer');
  },
);

it.each<[string, Parameters<typeof may>[0], string]>([
  [
    'the stop was blocked',
    { verdict: { decision: 'block', cause: 'unfinished', reason: 'x' } },
    'defer',
  ],
  ['a gate in shadow would have blocked', { said: { would: { verdict: 'block' } } }, 'defer'],
  ['background work is left', { event: { awaited: true } }, 'defer'],
  ['it will prompt itself', { event: { scheduledPrompts: 1 } }, 'defer'],
  ['it failed twice', { request: { attempts: 2 } }, 'start'],
  ['it failed three times', { request: { attempts: 3 } }, 'defer'],
  ['its pane is not known', { request: { pane: null } }, 'defer'],
  ['there is no record', { record: null }, 'defer'],
  [
    'the session is kept',
    { record: { ...record, retained: { by: 'me', at: 'now', reason: 'r' } } },
    'drop',
  ],
  ['another process', { agent: { pid: 101, start: 'boot:1' } }, 'drop'],
  ['the same pid, reused', { agent: { pid: 100, start: 'boot:2' } }, 'drop'],
  ['no process is known', { agent: null }, 'drop'],
  ['the daemon, and a known terminal', { agent: null, request: { daemon: true } }, 'start'],
  ['the daemon, and no terminal', { agent: null, request: { daemon: true, agent: null } }, 'defer'],
  ['it left the daemon', { request: { daemon: true } }, 'drop'],
])('when %s: %j → %s', (_, more, kind) => {
  expect(may(more)).toBe(kind);
});
