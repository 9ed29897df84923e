import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hookOutput } from '../support/expect-output.ts';
import { scratch } from '../support/fixture.ts';
import { host } from '../support/host.ts';
import { registered } from '../support/installed-tree.ts';
import { eventPayload, stopPayload } from '../support/payload.ts';
import type { Scratch } from '../support/scratch.ts';
import { SHELLS, type Shell, underShell } from '../support/shells.ts';
import { gateRecords, readState } from '../support/state-files.ts';
import { traceNode } from '../support/trace-node.ts';

type Host = 'claude' | 'codex';
const HOSTS: Host[] = ['claude', 'codex'];
const APPROVE = { claude: { decision: 'approve' }, codex: {} };
const START = 'stopgate build start "a task" --owner-session';

/** One session of a host, as far as its hooks go; every event may be given with other bytes, or under another shell. */
function session(place: Scratch, as: Host, id = 'mine') {
  const run = async (verb: string, input: string | Buffer, shell?: Shell) => {
    const command = registered(verb, as);
    const under = shell ? underShell(command, shell, place) : command;
    // Codex gives its hooks no session id, whatever Claude Code it was started from.
    const env = as === 'codex' ? { CLAUDE_CODE_SESSION_ID: '', CLAUDE_PID: '' } : {};
    return hookOutput(await host(place, id).run({ command: under, input, env }));
  };
  const event = (name: string, more: object = {}) => eventPayload(name, id, place.project, more);
  return {
    run,
    fire: (name: string, more: object = {}) => run('session', event(name, more)),
    prompt: (shell?: Shell) => run('prompt', event('UserPromptSubmit', { prompt: 'go' }), shell),
    stop: (shell?: Shell) => run('stop-gate-router', stopPayload(id, place.project), shell),
  };
}

/** A session whose start and first prompt Node has seen. */
async function known(place: Scratch, as: Host, id?: string) {
  const found = session(place, as, id);
  await found.fire('SessionStart', { source: 'startup' });
  await found.prompt();
  return found;
}

const record = (place: Scratch) => JSON.parse(readFileSync(place.paths.session('mine'), 'utf8'));
const left = (place: Scratch) => readdirSync(place.paths.turn('mine')).sort();

describe.each(HOSTS)('%s', (as) => {
  it('starts no Node for a prompt and a stop of a session that owns nothing, and leaves their times', async () => {
    const place = scratch();
    const mine = await known(place, as);
    const nodeRan = traceNode(place);
    const before = Date.now();
    expect(await mine.prompt()).toEqual({});
    expect(await mine.stop()).toEqual(APPROVE[as]);
    expect(nodeRan()).toBe(false);
    expect(left(place)).toEqual(['prompt', 'quiet', 'stop-inactive']);
    for (const name of left(place)) {
      const stat = statSync(join(place.paths.turn('mine'), name));
      expect([stat.size, stat.mode & 0o777]).toEqual([0, 0o600]);
      if (name !== 'quiet') expect(stat.mtimeMs).toBeGreaterThan(before - 1_000);
    }
    const seen = JSON.parse((await host(place, 'x').tool('stopgate session list --json')).stdout);
    expect(seen.sessions[0].lastActivityAt > record(place).lastActivityAt).toBe(true);
    expect(seen.sessions[0]).toMatchObject({ lastEvent: 'UserPromptSubmit' });
  });

  it('starts none while others own builds, and says so', async () => {
    const place = scratch();
    const mine = await known(place, as);
    await host(place, 'x').tool(`${START} other`);
    const nodeRan = traceNode(place);
    await mine.prompt();
    await mine.stop();
    expect(nodeRan()).toBe(false);
    expect(left(place)).toContain('stop-foreign');
  });

  it('goes to Node with the first prompt of a session, and with each while nothing is recorded', async () => {
    const place = scratch();
    const mine = session(place, as);
    const nodeRan = traceNode(place);
    await mine.prompt();
    await mine.prompt();
    expect(record(place).lastEvent).toBe('UserPromptSubmit');
    await mine.fire('SessionStart', { source: 'startup' });
    nodeRan();
    await mine.prompt();
    expect(nodeRan()).toBe(true);
    await mine.prompt();
    expect(nodeRan()).toBe(false);
  });

  it.each<[string, (place: Scratch) => unknown]>([
    ['owns a build', (place) => host(place, 'x').tool(`${START} mine`)],
    [
      'owns a paused build',
      async (place) => {
        await host(place, 'x').tool(`${START} mine`);
        const { id } = readState(place);
        await host(place, 'mine').tool(`stopgate build pause --build ${id} --reason why`);
      },
    ],
    [
      'is asked to end',
      ({ paths }) => {
        mkdirSync(paths.requests, { recursive: true });
        writeFileSync(paths.request('mine'), '{}');
      },
    ],
    [
      'is watched for idleness',
      ({ paths }) => {
        mkdirSync(paths.armedRest, { recursive: true });
        writeFileSync(join(paths.armedRest, 'mine'), '');
      },
    ],
    ['may own what 0.1 armed', ({ paths }) => arm01(paths)],
  ])('leaves prompt and stop to Node when the session %s', async (_, happens) => {
    const place = scratch();
    const mine = await known(place, as);
    await happens(place);
    const nodeRan = traceNode(place);
    await mine.prompt();
    expect(nodeRan()).toBe(true);
    await mine.stop();
    expect(nodeRan()).toBe(true);
  });

  it('leaves prompts to Node from the start of a compaction to its end, and after the end of the session', async () => {
    const place = scratch();
    const mine = await known(place, as);
    const nodeRan = traceNode(place);
    for (const [event, starts] of [
      ['PreCompact', true],
      ['PostCompact', false],
      ['SessionEnd', true],
    ] as const) {
      await mine.fire(event);
      nodeRan();
      await mine.prompt();
      expect([event, nodeRan()]).toEqual([event, starts]);
    }
  });

  it('has Node put under keys what 0.1 armed, once', async () => {
    const place = scratch();
    const mine = await known(place, as);
    await host(place, 'x').tool(`${START} other`);
    rmSync(place.paths.armedKeyed);
    const nodeRan = traceNode(place);
    await mine.stop();
    expect(nodeRan()).toBe(true);
    await mine.stop();
    expect(nodeRan()).toBe(false);
    expect(existsSync(join(place.paths.armedBy, 'session/other'))).toBe(true);
  });

  it.each(SHELLS)('does the same under $name', async (shell) => {
    const place = scratch();
    const mine = await known(place, as);
    await host(place, 'x').tool(`${START} other`);
    const nodeRan = traceNode(place);
    await mine.prompt(shell);
    await mine.stop(shell);
    expect(nodeRan()).toBe(false);
    expect(left(place)).toEqual(['prompt', 'quiet', 'stop-foreign']);
  });
});

/** What a copy of 0.1 in a project arms: a line, and nothing else. */
function arm01({ armedStop, armedKeyed }: Scratch['paths']): void {
  mkdirSync(armedStop, { recursive: true });
  writeFileSync(armedKeyed, '');
  utimesSync(armedKeyed, 1, 1);
  writeFileSync(join(armedStop, 'whose'), 'mine 1 boot:1\n');
}

describe('where a session was never seen starting, its place counts', () => {
  const TMUX = { TMUX: '/tmp/a,b,77,0', TMUX_PANE: '%5' };
  const stopIn = async (place: Scratch, env: Record<string, string>) => {
    const nodeRan = traceNode(place);
    hookOutput(await host(place, 'mine', process.ppid).stop({ env }));
    return nodeRan();
  };

  it.each([
    ['its pane', 'pane/77-5', true],
    ['the pane of another server', 'pane/78-5', false],
    ['its agent process', `agent/${process.ppid}`, true],
    ['another process', 'agent/1', false],
    ['a tmux name that is waited for', 'name', true],
  ])('%s', async (_, key, starts) => {
    const place = scratch();
    await host(place, 'x').tool(`${START} other`);
    mkdirSync(join(place.paths.armedBy, key), { recursive: true });
    expect(await stopIn(place, TMUX)).toBe(starts);
  });

  it('and a tmux name only for who is in tmux', async () => {
    const place = scratch();
    await host(place, 'x').tool('stopgate build start "a task" --owner-tmux work');
    expect(await stopIn(place, {})).toBe(false);
    expect(await stopIn(place, TMUX)).toBe(true);
  });
});

describe('a Codex payload', () => {
  const stop = (id: string) => stopPayload(id, '/');
  const other = stop('other').trim().slice(1);

  it.each<[string, string | Buffer, string | null]>([
    [
      'names the session in a text first',
      `{"last_assistant_message":"{\\"session_id\\":\\"mine\\"",${other}`,
      'other',
    ],
    ['names it twice', `{"session_id":"mine",${other}`, null],
    ['has it behind another key', `{"cwd":"/",${other}`, 'other'],
    ['has spaces', `{ "session_id" : "other" , ${other}`, 'other'],
    ['begins with a newline', `\n\n{"session_id":"other",${other}`, 'other'],
    ['has a long id', stop('o'.repeat(80)), 'o'.repeat(80)],
    ['has an id that is no file name', stop('../mine'), '../mine'],
    ['has an id in other letters', stop(`${'ö'.repeat(30)}東京`), `${'ö'.repeat(30)}東京`],
    [
      'has a character across the first 64 bytes',
      `{"cwd":"/${'x'.repeat(52)}ö東京🙂",${other}`,
      'other',
    ],
    ['has newlines across the first 64 bytes', `{${'\n'.repeat(80)}${other}`, 'other'],
  ])('that %s is left to Node, which gets every byte', async (_, payload, id) => {
    const place = scratch();
    await known(place, 'codex');
    await host(place, 'x').tool(`${START} nobody`);
    const command = registered('stop-gate-router', 'codex');
    const ran = host(place, '').run({ command, input: payload, env: { CLAUDE_PID: '' } });
    expect(hookOutput(await ran)).toEqual({});
    const sessions = gateRecords(place).map(({ session }) => session);
    expect(sessions).toEqual(id === null ? [] : [id]);
  });

  it('is approved when it holds no JSON, whatever its length', async () => {
    const place = scratch();
    await known(place, 'codex');
    const mine = session(place, 'codex');
    for (const input of [
      '',
      '{',
      'x'.repeat(63),
      'x'.repeat(64),
      'x'.repeat(65),
      '{"session_id":"mine',
    ])
      expect(await mine.run('stop-gate-router', input)).toEqual({});
    expect(gateRecords(place).every(({ cause }) => cause === 'error')).toBe(true);
  });
});
