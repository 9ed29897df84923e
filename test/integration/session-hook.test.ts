import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { hookOutput } from '../support/expect-output.ts';
import { scratch, world } from '../support/fixture.ts';
import { host } from '../support/host.ts';
import { registered } from '../support/installed-tree.ts';
import { stopPayload } from '../support/payload.ts';
import type { Scratch } from '../support/scratch.ts';
import { gateRecords, readState } from '../support/state-files.ts';

/** The `session` hook through the launcher, called as the hosts call it. */

let place: Scratch;
beforeEach(() => {
  place = scratch();
});

const payload = (id: string, event: string, more: object = {}) =>
  JSON.stringify({
    session_id: id,
    transcript_path: `/t/${id}.jsonl`,
    cwd: place.project,
    hook_event_name: event,
    ...more,
  });

const fire = async (id: string, event: string, more: object = {}, env = {}) =>
  hookOutput(
    await host(place, id).run({
      command: registered('session'),
      input: payload(id, event, more),
      env,
    }),
  );

const files = () => {
  mkdirSync(place.paths.sessions, { recursive: true });
  return readdirSync(place.paths.sessions);
};
const record = (id: string) => JSON.parse(readFileSync(place.paths.session(id), 'utf8'));

describe('the record', () => {
  it('is there from the start, for its owner only, and follows the session to its end', async () => {
    expect(await fire('s-1', 'SessionStart', { source: 'startup' })).toEqual({});
    expect(record('s-1')).toMatchObject({
      host: 'claude',
      sessionId: 's-1',
      agent: { pid: process.pid },
      cwd: place.project,
      transcript: '/t/s-1.jsonl',
      status: 'live',
      source: 'startup',
    });
    expect(statSync(place.paths.session('s-1')).mode & 0o777).toBe(0o600);
    const { lastActivityAt } = record('s-1');
    await fire('s-1', 'UserPromptSubmit', { prompt: 'hello' });
    expect(record('s-1').lastActivityAt > lastActivityAt).toBe(true);
    expect(readFileSync(place.paths.session('s-1'), 'utf8')).not.toContain('hello');
    await fire('s-1', 'SessionEnd', { reason: 'prompt_input_exit' });
    expect(record('s-1')).toMatchObject({ status: 'stopped', endReason: 'prompt_input_exit' });
    await fire('s-1', 'UserPromptSubmit');
    expect(record('s-1')).toMatchObject({ status: 'live', endedAt: null });
  });

  it('is for the session, and not for a subagent in it', async () => {
    await fire('s-1', 'UserPromptSubmit', { agent_id: 'a', agent_type: 'general' });
    expect(files()).toEqual([]);
  });

  it('is not written under the kill switch', async () => {
    expect(await fire('s-1', 'SessionStart', {}, { STOPGATE_DISABLE: '1' })).toEqual({});
    expect(files()).toEqual([]);
  });

  it.each(['../../escape', 'a/b', '.', '..', 'x'.repeat(500), 'ü ñ'])(
    'of a session called %j stays in its directory',
    async (id) => {
      await fire(id, 'SessionStart');
      const [name = '', ...others] = files();
      expect(others).toEqual([]);
      expect(name).toMatch(/^[0-9a-f]{64}\.json$/);
      expect(JSON.parse(readFileSync(join(place.paths.sessions, name), 'utf8')).sessionId).toBe(id);
    },
  );

  it('of a newer version is left alone, a corrupt one is set aside with its bytes', async () => {
    files();
    const newer = '{"schema": 99, "mine": true}';
    writeFileSync(place.paths.session('s-1'), newer);
    writeFileSync(place.paths.session('s-2'), '{"schema": 1, "ho');
    await fire('s-1', 'UserPromptSubmit');
    await fire('s-2', 'UserPromptSubmit');
    expect(readFileSync(place.paths.session('s-1'), 'utf8')).toBe(newer);
    expect(record('s-2')).toMatchObject({ sessionId: 's-2', status: 'live' });
    const [aside = ''] = files().filter((name) => name.includes('.corrupt-'));
    expect(readFileSync(join(place.paths.sessions, aside), 'utf8')).toBe('{"schema": 1, "ho');
  });

  it('is whole after twenty events of three sessions at once', async () => {
    const events = Array.from({ length: 20 }, (_, n) =>
      fire(`s-${n % 3}`, n === 0 ? 'SessionStart' : 'UserPromptSubmit', { n }),
    );
    expect(await Promise.all(events)).toEqual(Array.from({ length: 20 }, () => ({})));
    expect(files().sort()).toEqual(['s-0.json', 's-1.json', 's-2.json']);
    for (const id of ['s-0', 's-1', 's-2']) expect(record(id)).toMatchObject({ status: 'live' });
    expect(readdirSync(place.paths.locks)).toEqual([]);
  });
});

describe('input that is no event', () => {
  it.each([
    ['nothing', ''],
    ['half an object', '{"session_id": "s-1", "cwd": '],
    ['a list', '[]'],
    ['null', 'null'],
    ['no session', '{"cwd": "/", "hook_event_name": "SessionStart"}'],
    ['an empty session', '{"session_id": "", "cwd": "/", "hook_event_name": "SessionStart"}'],
    ['a number for a session', '{"session_id": 7, "cwd": "/", "hook_event_name": "SessionStart"}'],
    ['no directory', '{"session_id": "s-1", "hook_event_name": "SessionStart"}'],
    ['no event', '{"session_id": "s-1", "cwd": "/"}'],
  ])('%s: one empty object, one line of log, no record', async (_name, input) => {
    const ran = await host(place, 's-1').run({ command: registered('session'), input });
    expect(hookOutput(ran)).toEqual({});
    expect(files()).toEqual([]);
    expect(gateRecords(place)).toMatchObject([{ cause: 'error', error: expect.any(String) }]);
  });

  it('an event that nobody knows is activity, and nothing else', async () => {
    expect(await fire('s-1', 'Telepathy')).toEqual({});
    expect(record('s-1')).toMatchObject({ status: 'live', lastEvent: 'Telepathy' });
  });
});

describe('a compaction', () => {
  const stop = async () =>
    hookOutput(await host(place, 's-1').stop({ input: stopPayload('s-1', place.project) }))
      .decision;

  it('lets the owner stop while it is in flight, and holds it again afterwards', async () => {
    await host(place, 's-1').tool('stopgate build start "a task"');
    await fire('s-1', 'PreCompact', { trigger: 'auto' });
    expect(await stop()).toBe('approve');
    expect(readState(place).budget.spent).toBe(0);
    await fire('s-1', 'PostCompact');
    expect(await stop()).toBe('block');
  });

  it('is over when the session starts anew by it, and tells the owner what it owns', async () => {
    await host(place, 's-1').tool('stopgate build start "a task"');
    await fire('s-1', 'PreCompact');
    const told = await fire('s-1', 'SessionStart', { source: 'compact' });
    expect(told).toMatchObject({
      hookSpecificOutput: {
        hookEventName: 'SessionStart',
        additionalContext: expect.stringContaining(readState(place).id),
      },
    });
    expect(await stop()).toBe('block');
  });
});

describe('an owner in a pane', () => {
  const started = (id: string, source: string) => payload(id, 'SessionStart', { source });
  const SESSION = registered('session');

  it('goes on under a new id after /clear, is told so, and the old id owns nothing', async () => {
    const { place: there, server, agent } = world();
    place = there;
    const first = await agent(await server.session('work'), 's-1');
    await first.run('stopgate build start "paint the shed"');
    await first.run(SESSION, { input: payload('s-1', 'SessionEnd', { reason: 'clear' }) });
    const second = await first.clear('s-2');
    const told = await second.run(SESSION, { input: started('s-2', 'clear') });
    expect(told.stdout).toContain('it belonged to claude s-1');
    expect(told.stdout).toContain('stopgate build release');
    expect(readState(place).owner).toMatchObject({ sessionId: 's-2', agent: { pid: first.pid } });
    expect(record('s-1')).toMatchObject({ status: 'stopped', endReason: 'clear' });
    expect(record('s-2')).toMatchObject({ status: 'live', previous: 's-1' });
    expect(hookOutput(await second.stop(registered())).decision).toBe('block');
  });

  it('goes on in a new process after a resume', async () => {
    const { place: there, server, agent } = world();
    place = there;
    const pane = await server.session('work');
    const first = await agent(pane, 's-1');
    await first.run('stopgate build start "paint the shed"');
    await first.exit();
    const second = await agent(pane, 's-1');
    const told = await second.run(SESSION, { input: started('s-1', 'resume') });
    expect(told.stdout).toContain('started by this session, or handed to it');
    expect(readState(place).owner).toMatchObject({ sessionId: 's-1', agent: { pid: second.pid } });
    expect(record('s-1')).toMatchObject({ source: 'resume', agent: { pid: second.pid } });
  });

  it('is told nothing once it released its build, and is not held', async () => {
    const { place: there, server, agent } = world();
    place = there;
    const first = await agent(await server.session('work'), 's-1');
    await first.run('stopgate build start "paint the shed"');
    await first.run('stopgate build release');
    const second = await first.clear('s-2');
    const told = await second.run(SESSION, { input: started('s-2', 'clear') });
    expect(hookOutput(told)).toEqual({});
    expect(readState(place).owner).toBeNull();
    expect(hookOutput(await second.stop(registered())).decision).toBe('approve');
  });

  it('keeps its build from a neighbour that starts in another pane', async () => {
    const { place: there, server, agent } = world();
    place = there;
    const pane = await server.session('work');
    const owner = await agent(pane, 's-1');
    await owner.run('stopgate build start "paint the shed"');
    const before = readState(place);
    const other = await agent(await server.split(pane), 's-2');
    const told = await other.run(SESSION, { input: started('s-2', 'startup') });
    expect(hookOutput(told)).toEqual({});
    expect(readState(place)).toEqual(before);
  });
});
