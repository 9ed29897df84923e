import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { HOSTS, hostFor } from '../../src/hosts/index.ts';

interface Recorded {
  name: string;
  host: 'claude' | 'codex';
  payload: Record<string, unknown>;
}

const good = { session_id: 's', hook_event_name: 'Stop', cwd: '/repo' };

const FIXTURES = new URL('../fixtures/', import.meta.url);

const RECORDED: Recorded[] = (['claude', 'codex'] as const).flatMap((host) =>
  readdirSync(new URL(host, FIXTURES)).map((file) => {
    const { payload } = JSON.parse(readFileSync(new URL(`${host}/${file}`, FIXTURES), 'utf8'));
    return { name: `${host}/${file}`, host, payload };
  }),
);

it('there are recorded payloads of both hosts', () => {
  expect(RECORDED.filter(({ host }) => host === 'claude').length).toBeGreaterThan(40);
  expect(RECORDED.filter(({ host }) => host === 'codex').length).toBeGreaterThan(10);
});

it.each(RECORDED)('$name parses, and tells its host without a flag', ({ host, payload }) => {
  const found = hostFor(undefined, payload);
  expect(found?.id).toBe(host);
  expect(found?.parseEvent({ ...payload, of_a_later_version: { x: 1 } })).toMatchObject({
    host,
    name: payload.hook_event_name,
    sessionId: payload.session_id,
    cwd: payload.cwd,
    transcriptPath: payload.transcript_path,
    agentId: payload.agent_id ?? null,
    permissionMode: payload.permission_mode ?? null,
    stopHookActive: payload.stop_hook_active ?? false,
    lastMessage: payload.last_assistant_message ?? null,
    backgroundTasks: (payload.background_tasks as unknown[] | undefined)?.length ?? 0,
  });
});

it('background work and a subagent show', () => {
  const of = (name: string) => {
    const recorded = RECORDED.find((each) => each.name === name);
    return HOSTS.claude.parseEvent(recorded?.payload);
  };
  expect(of('claude/interactive-Stop-bgtask.json').backgroundTasks).toBe(1);
  expect(of('claude/interactive-Stop-plain.json').backgroundTasks).toBe(0);
  expect(of('claude/print-Stop-scheduled.json')).toMatchObject({
    backgroundTasks: 1,
    backgroundCommands: ['sleep 20'],
    scheduledPrompts: 3,
    wakeUps: 2,
  });
  expect(of('claude/interactive-Stop-active.json').stopHookActive).toBe(true);
  expect(of('claude/print-SubagentStop-subagent.json').agentId).not.toBeNull();
});

it.each<[string, unknown[], number, string[]]>([
  ['none', [], 0, []],
  [
    'a shell and a subagent, as Claude Code lists them',
    [
      { id: 'b1', type: 'shell', status: 'running', description: 'd', command: 'npm test' },
      { id: 'a1', type: 'subagent', status: 'running', description: 'd', agent_type: 'x' },
    ],
    2,
    ['npm test'],
  ],
  ['one that is over', [{ status: 'completed', command: 'a' }, { status: 'killed' }], 0, []],
  ['a state of a later version', [{ status: 'pending' }, { status: null }], 2, []],
  ['what is no task that we know', [7, null, 'x', { status: 7 }, {}], 5, []],
])(
  'of background tasks only those that run count: %s',
  (_name, background_tasks, count, shells) => {
    expect(HOSTS.claude.parseEvent({ ...good, background_tasks })).toMatchObject({
      backgroundTasks: count,
      backgroundCommands: shells,
    });
  },
);

it.each([
  ['null', null, 'payload should be object'],
  ['a string', 'Stop', 'payload should be object'],
  ['an array', [good], 'payload should be object'],
  ['a number', 7, 'payload should be object'],
  ['an empty object', {}, 'session_id should be string'],
  ['an empty session id', { ...good, session_id: '' }, 'session_id should be a non-empty string'],
  ['a session id that is a number', { ...good, session_id: 7 }, 'session_id should be string'],
  ['no event', { ...good, hook_event_name: undefined }, 'hook_event_name should be string'],
  ['no cwd', { ...good, cwd: null }, 'cwd should be string'],
  [
    'a flag that is a word',
    { ...good, stop_hook_active: 'no' },
    'stop_hook_active should be boolean',
  ],
  ['tasks that are no list', { ...good, background_tasks: {} }, 'background_tasks should be array'],
  ['a session id that is too long', { ...good, session_id: 'x'.repeat(1001) }, 'at most 1000'],
  ['a tool name that is too long', { ...good, tool_name: 'x'.repeat(1001) }, 'at most 1000'],
  ['a transcript that is no path', { ...good, transcript_path: 'x'.repeat(4097) }, 'at most 4096'],
  ['a cwd that is not absolute', { ...good, cwd: 'project' }, 'cwd should be an absolute path'],
  ['a cwd that is too deep', { ...good, cwd: '/a'.repeat(257) }, '256 levels'],
  ['an agent id that is a number', { ...good, agent_id: 1 }, 'agent_id should be string'],
])('refuses %s', (_name, payload, words) => {
  for (const host of [HOSTS.claude, HOSTS.codex]) {
    expect(() => host.parseEvent(payload)).toThrow(
      expect.objectContaining({ code: 'bad-event', message: expect.stringContaining(words) }),
    );
  }
});

it.each([
  ['claude', { turn_id: 't' }, 'claude'],
  ['codex', {}, 'codex'],
  ['codex', null, 'codex'],
  ['other', { turn_id: 't' }, 'codex'],
  ['other', good, 'claude'],
  [
    undefined,
    { ...good, transcript_path: '/home/a/.codex/sessions/2026/rollout-1-a.jsonl' },
    'codex',
  ],
  [undefined, { ...good, transcript_path: '/home/a/.claude/projects/rollout-x/1.jsonl' }, 'claude'],
  [undefined, { ...good, transcript_path: null }, 'claude'],
  [undefined, null, null],
  [undefined, 'Stop', null],
  ['other', undefined, null],
])('hostFor(%j, %j) is %s', (flag, payload, expected) => {
  expect(hostFor(flag, payload)?.id ?? null).toBe(expected);
});
