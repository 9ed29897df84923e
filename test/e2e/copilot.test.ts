import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { openClaude, turnEnded } from './support/claude-tui.ts';
import { claudeWire, copilotWire } from './support/claude-wire.ts';
import { claude } from './support/clients.ts';
import { inOrder, startModelServer } from './support/model-server.ts';
import { claudeEnv, configureClaude } from './support/run-claude.ts';
import { copilotCommand, copilotEnv } from './support/run-copilot.ts';
import { type Scratch, scratch } from './support/scratch.ts';
import { buildState, gateEvents, stopgate } from './support/stopgate.ts';
import { privateTmux } from './support/tmux.ts';
import { until } from './support/until.ts';

/** GitHub Copilot CLI runs the hooks of a project's `.claude/settings.json`, and inherits what Claude Code sets. */

async function projectScope(): Promise<Scratch> {
  const place = scratch();
  await execa('git', ['init', '-q', place.project]);
  await stopgate(place, 'install', '--host', 'claude', '--scope', 'project');
  return place;
}

/** One command line for a shell. */
function line(env: Record<string, string>, words: string[]): string {
  const quoted = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  const set = Object.entries(env).map(([name, value]) => `${name}='${value}'`);
  return [...set, ...quoted, '</dev/null'].join(' ');
}

it('lets Copilot below the owner stop at once, and holds the owner with its whole budget', {
  tags: 'smoke',
}, async () => {
  const place = await projectScope();
  configureClaude(place);
  const copilotModel = await startModelServer(
    copilotWire,
    inOrder([
      { run: 'stopgate build start "Mine"' },
      { run: 'stopgate build complete' },
      { say: 'Copilot is done.' },
    ]),
  );
  const child = line(copilotEnv(copilotModel.url), copilotCommand('Say that you are done'));
  const ownerModel = await startModelServer(
    claudeWire,
    inOrder([
      { run: 'stopgate build start "Add a greeting" --size small' },
      { run: child },
      { say: 'No, once.' },
      { say: 'No, twice.' },
      { say: 'No, three times.' },
      { say: 'I stop here.' },
    ]),
  );
  const tmux = privateTmux(place, claudeEnv(ownerModel.url));
  const pane = await openClaude(tmux, 'work', { flags: ['--allowedTools', 'Bash'] });

  await pane.enter('Please add a greeting');
  await until('Copilot to end', () => ownerModel.turns.length > 2, 120);
  expect(ownerModel.turns[2]?.results.at(-1)).toContain('Copilot is done.');
  const [, first, last] = copilotModel.turns;
  expect(copilotModel.turns).toHaveLength(3);
  expect(first?.results.at(-1)).toContain('GitHub Copilot CLI runs this command.');
  expect(last?.results.at(-1)).toContain('GitHub Copilot CLI runs this command.');

  await turnEnded(pane, 'I stop here.');
  const { owner, phase, budget } = buildState(place);
  expect([phase, budget]).toMatchObject(['executing', { limit: 3, spent: 3 }]);
  const events = gateEvents(place);
  const judged = events.filter(({ session }) => session === owner.sessionId);
  expect(judged.map(({ cause }) => cause)).toEqual([
    'unfinished',
    'unfinished',
    'unfinished',
    'capped',
  ]);
  const others = events.filter((event) => !judged.includes(event));
  expect(others.map(({ host, cause }) => `${host} ${cause}`)).toEqual(
    others.map(() => 'copilot other-host'),
  );
  expect(others.filter(({ entry }) => entry === 'stop-gate-router')).toHaveLength(1);
  expect(readdirSync(join(place.state, 'sessions'))).toEqual([`${owner.sessionId}.json`]);
});

it('holds Claude Code in the shell of Copilot as the owner of its own build', async () => {
  const place = await projectScope();
  const claudeModel = await startModelServer(
    claudeWire,
    inOrder([
      { run: 'stopgate build start "Add a greeting"' },
      { say: 'I would rather stop here.' },
      { run: 'stopgate build complete' },
      { say: 'Claude is done.' },
    ]),
  );
  const words = [claude, '-p', 'Please add a greeting', '--allowedTools', 'Bash(stopgate:*)'];
  const copilotModel = await startModelServer(
    copilotWire,
    inOrder([{ run: line(claudeEnv(claudeModel.url), words) }, { say: 'Copilot is done.' }]),
  );
  const [program = '', ...args] = copilotCommand('Let Claude add a greeting');

  const { exitCode } = await execa(program, args, {
    cwd: place.project,
    env: { ...place.env, ...copilotEnv(copilotModel.url) },
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    timeout: 120_000,
    killSignal: 'SIGKILL',
  });

  expect(exitCode).toBe(0);
  expect(copilotModel.turns).toHaveLength(2);
  expect(copilotModel.turns.at(-1)?.results.at(-1)).toContain('Claude is done.');
  expect(claudeModel.turns.at(2)?.said.at(-1)).toContain('is not finished');
  expect(buildState(place)).toMatchObject({ phase: 'complete', budget: { spent: 1 } });
  const { sessionId } = buildState(place).owner;
  const blocks = gateEvents(place).filter(({ verdict }) => verdict === 'block');
  expect(blocks).toMatchObject([{ host: 'claude', session: sessionId, cause: 'unfinished' }]);
});
