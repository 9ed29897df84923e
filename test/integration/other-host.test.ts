import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { readProcess } from '../../src/owner/process.ts';
import { armHandOff } from '../../src/shutdown/armed.ts';
import { bindRole } from '../../src/shutdown/role.ts';
import { quote } from '../support/agent.ts';
import { hookOutput } from '../support/expect-output.ts';
import { scratch } from '../support/fixture.ts';
import { host } from '../support/host.ts';
import { registered } from '../support/installed-tree.ts';
import type { Scratch } from '../support/scratch.ts';
import { gateRecords, readState, stateFile } from '../support/state-files.ts';

/** Agents that read Claude Code's settings files, started by the Bash tool of the owner: they inherit its variables. */

let place: Scratch;
let owner: ReturnType<typeof host>;
beforeEach(async () => {
  place = scratch();
  owner = host(place, 's-1');
  await owner.tool('stopgate build start "a task" --size small');
});

/** A Node script that runs one command line with the stdin that it has, as an agent runs a hook or a tool. */
const AGENT = `const { spawnSync } = require('node:child_process');
const { status } = spawnSync('/bin/sh', ['-c', process.argv[2]], { stdio: 'inherit' });
process.exit(status ?? 1);`;

/** The command line that runs another one in the agent of that name. */
function inside(agent: string, command: string): string {
  const bin = join(place.root, 'agents');
  mkdirSync(bin, { recursive: true });
  // By their names alone these are agents; Node takes a script without an extension for CommonJS.
  const script = join(bin, agent);
  writeFileSync(script, AGENT);
  return `node '${script}' ${quote(command)}`;
}

function recorded(event: string): string {
  const file = new URL(`../fixtures/copilot/print-${event}.json`, import.meta.url);
  return JSON.stringify(JSON.parse(readFileSync(file, 'utf8')).payload);
}

const sessions = () => (existsSync(place.paths.sessions) ? readdirSync(place.paths.sessions) : []);

it.each([
  ['stop-gate-router', 'Stop'],
  ['build-stop', 'Stop'],
  ['session', 'SessionStart'],
  ['session', 'UserPromptSubmit'],
  ['session', 'SessionEnd'],
  ['shutdown-after-idle', 'PostToolUse-Bash'],
])(
  '%s at %s of Copilot below the owner: approved, one line of log, nothing else',
  async (entry, event) => {
    const me = { pid: process.pid, start: readProcess(process.pid)?.start ?? '' };
    bindRole(place.paths, 'intake', me, new Date().toISOString());
    armHandOff(place.paths, process.pid);
    const before = readFileSync(stateFile(place), 'utf8');
    const command = inside('copilot', registered(entry));
    const { session_id } = JSON.parse(recorded(event));

    expect(hookOutput(await owner.run({ command, input: recorded(event) }))).toEqual({});

    expect(gateRecords(place)).toEqual([
      expect.objectContaining({
        entry,
        session: session_id,
        verdict: 'approve',
        cause: 'other-host',
        host: 'copilot',
      }),
    ]);
    expect(readFileSync(stateFile(place), 'utf8')).toBe(before);
    expect(sessions()).toEqual([]);
    expect(existsSync(place.paths.shutdownLog)).toBe(false);
  },
);

it('the owner keeps its whole budget, whatever runs below it', async () => {
  const payload = {
    session_id: 'q',
    transcript_path: '/t',
    cwd: place.project,
    hook_event_name: 'Stop',
    prompt_id: 'p',
    stop_hook_active: false,
  };
  const cursor = { ...payload, conversation_id: 'c', cursor_version: '2.0', loop_count: 0 };
  const stops: [command: string, input: string][] = [
    [inside('copilot', registered()), recorded('Stop')],
    [inside('qwen', registered()), JSON.stringify(payload)],
    [inside('gemini', registered()), JSON.stringify(payload)],
    [inside('an-editor', registered()), JSON.stringify(cursor)],
  ];
  for (const [command, input] of stops) {
    expect(hookOutput(await owner.run({ command, input }))).toEqual({});
  }
  const others = gateRecords(place).map(({ cause, host }) => [cause, host]);
  expect(others).toEqual(
    ['copilot', 'qwen', 'gemini', 'cursor'].map((other) => ['other-host', other]),
  );

  for (const spent of [1, 2, 3]) {
    expect(hookOutput(await owner.stop()).decision).toBe('block');
    expect(readState(place).budget.spent).toBe(spent);
  }
});

it('Claude Code in the shell of Copilot is Claude Code', async () => {
  const env = {
    COPILOT_CLI: '1',
    COPILOT_AGENT_SESSION_ID: 'c',
    COPILOT_PROJECT_DIR: place.project,
  };
  expect(hookOutput(await owner.stop({ env })).decision).toBe('block');
  expect((await owner.run({ command: 'stopgate build step "a step"', env })).code).toBe(0);
  expect(readState(place).steps).toHaveLength(1);
});

it.each([
  'stopgate build start "another task"',
  'stopgate build phase verifying',
  'stopgate build step "a step"',
  'stopgate build release',
  'stopgate build complete',
  'stopgate build wait --until true',
  'stopgate build renew',
])('%s in the shell of Copilot: refused, and nothing is changed', async (command) => {
  const before = readFileSync(stateFile(place), 'utf8');
  const named = `${command} --build ${readState(place).id}`;
  for (const line of command.includes('start') ? [command] : [command, named]) {
    const { code, stderr } = await owner.tool(inside('copilot', line));
    expect(code).toBe(1);
    expect(stderr).toContain('GitHub Copilot CLI runs this command.');
    expect(stderr).toContain('--owner-session');
    expect(stderr).toContain('--owner-tmux');
  }
  expect(readFileSync(stateFile(place), 'utf8')).toBe(before);
});

it('Copilot may look at builds, and start one for an agent that it names', async () => {
  const shown = await owner.tool(inside('copilot', 'stopgate status --json'));
  expect(JSON.parse(shown.stdout)).toMatchObject({
    other: 'copilot',
    open: [{ match: { answer: 'unknown-identity' } }],
  });
  const why = await owner.tool(inside('copilot', 'stopgate status --why'));
  expect(why.stdout).toContain('GitHub Copilot CLI runs this: it owns no build');
  const started = await owner.tool(
    inside('copilot', 'stopgate build start "for codex" --owner-session x-1'),
  );
  expect([started.code, started.stderr]).toEqual([0, '']);
  expect(started.stdout).toContain('x-1');
});
