import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { hookOutput } from '../support/expect-output.ts';
import { host as hostOf } from '../support/host.ts';
import { stopPayload } from '../support/payload.ts';
import { makeScratch, type Scratch } from '../support/scratch.ts';
import { gateRecords, readState } from '../support/state-files.ts';

/** The commands that install registered in two scopes, started at the same time for one event, as the hosts do. */

let place: Scratch;
let agent: ReturnType<typeof hostOf>;
beforeEach(() => {
  place = makeScratch();
  onTestFinished(() => place.remove());
  agent = hostOf(place, 's-1');
  spawnSync('git', ['init', '-q', place.project]);
});

const FILES = {
  claude: { user: '.claude/settings.json', project: 'project/.claude/settings.json' },
  codex: { user: '.codex/hooks.json', project: 'project/.codex/hooks.json' },
};

type HostId = keyof typeof FILES;

async function install(host: HostId, scopes: ('user' | 'project')[]): Promise<void> {
  for (const scope of scopes) {
    const { code, stderr } = await agent.tool(`stopgate install --host ${host} --scope ${scope}`);
    expect([code, stderr]).toEqual([0, '']);
  }
}

function commandsFor(host: HostId, event: string, scopes: ('user' | 'project')[]): string[] {
  return scopes.map((scope) => {
    const { hooks } = JSON.parse(readFileSync(join(place.home, FILES[host][scope]), 'utf8'));
    return hooks[event][0].hooks[0].command;
  });
}

/** What the hosts write between two stops. */
function modelSpeaks(): void {
  const entry = { type: 'assistant', message: { role: 'assistant', content: [] } };
  appendFileSync(join(place.project, 's-1.jsonl'), `${JSON.stringify(entry)}\n`);
}

/** Fires one event, and returns what each command of it printed. */
async function fire(host: HostId, event: string, scopes: ('user' | 'project')[], input: string) {
  const env = { CLAUDE_PROJECT_DIR: place.project };
  const runs = commandsFor(host, event, scopes).map((command) =>
    agent.run({ command, input, env }),
  );
  return (await Promise.all(runs)).map(hookOutput);
}

describe.each<HostId>(['claude', 'codex'])('%s', (host) => {
  const stop = () => stopPayload('s-1', place.project);
  const isBlock = ({ decision }: { decision?: string }) => decision === 'block';

  it('judges each stop once, however alike and close they are', async () => {
    await install(host, ['user', 'project']);
    await agent.tool('stopgate build start "a task" --size large');
    for (let n = 1; n <= 6; n += 1) {
      const outputs = await fire(host, 'Stop', ['user', 'project'], stop());
      expect(outputs.filter(isBlock)).toHaveLength(1);
      expect(readState(place).budget.spent).toBe(n);
    }
    expect(gateRecords(place)).toHaveLength(6);
  });

  it('goes on when only one of the two runs, whichever it is', async () => {
    await install(host, ['user', 'project']);
    await agent.tool('stopgate build start "a task" --size large');
    for (const scope of ['user', 'project', 'project', 'user'] as const) {
      modelSpeaks();
      expect((await fire(host, 'Stop', [scope], stop())).filter(isBlock)).toHaveLength(1);
    }
    expect(readState(place).budget.spent).toBe(4);
  });

  it('tells a starting owner once what it owns', async () => {
    await install(host, ['user', 'project']);
    await agent.tool('stopgate build start "a task"');
    const start = { session_id: 's-1', cwd: place.project, hook_event_name: 'SessionStart' };
    const input = JSON.stringify({ ...start, source: 'resume' });
    const outputs = await fire(host, 'SessionStart', ['user', 'project'], input);
    expect(outputs.filter((output) => 'hookSpecificOutput' in output)).toHaveLength(1);
  });
});

it('lets two different events of one session that overlap both be answered', async () => {
  await install('claude', ['user', 'project']);
  const prompt = (id: string) =>
    JSON.stringify({
      session_id: 's-1',
      cwd: place.project,
      hook_event_name: 'UserPromptSubmit',
      prompt_id: id,
    });
  await agent.tool('stopgate build start "a task" --size large');
  const stops = await Promise.all([
    fire('claude', 'Stop', ['user'], stopPayload('s-1', place.project, { prompt_id: 'a' })),
    fire('claude', 'Stop', ['project'], stopPayload('s-1', place.project, { prompt_id: 'b' })),
    fire('claude', 'UserPromptSubmit', ['user', 'project'], prompt('c')),
  ]);
  expect(stops.flat().filter(({ decision }) => decision === 'block')).toHaveLength(2);
});

it('keeps no claim of a day that is over', async () => {
  await install('claude', ['user', 'project']);
  const old = place.paths.calls('old-Stop');
  mkdirSync(dirname(old), { recursive: true });
  writeFileSync(old, '{}');
  utimesSync(old, 1, 1);
  const start = { session_id: 's-1', cwd: place.project, hook_event_name: 'SessionStart' };
  await fire('claude', 'SessionStart', ['user', 'project'], JSON.stringify(start));
  expect(existsSync(old)).toBe(false);
  expect(existsSync(place.paths.calls('s-1-SessionStart'))).toBe(true);
});
