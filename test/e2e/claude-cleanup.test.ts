import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openClaude, turnEnded } from './support/claude-tui.ts';
import { claudeWire } from './support/claude-wire.ts';
import { claude } from './support/clients.ts';
import { type Answer, startModelServer, type Turn } from './support/model-server.ts';
import { claudeEnv, configureClaude } from './support/run-claude.ts';
import { type Scratch, scratch } from './support/scratch.ts';
import { buildState, gateEvents, installHook } from './support/stopgate.ts';
import { type Pane, privateTmux } from './support/tmux.ts';
import { until } from './support/until.ts';
import { finishedWorktree, git } from './support/worktree.ts';

it('opens a cleanup pane beside Claude in its worktree, which removes that once Claude is gone', async () => {
  const place = scratch();
  const tree = await finishedWorktree(place);
  await installHook(place);
  configureClaude(place, tree);
  const model = await startModelServer(claudeWire, ownerThatLeaves);
  const tmux = privateTmux(place, claudeEnv(model.url));
  const owner = await openClaude(tmux, 'work', { dir: tree });

  await owner.enter('Please add a greeting');
  await turnEnded(owner, 'The pane is open.');
  const [said = ''] = model.turns.at(-1)?.results.slice(2) ?? [];
  expect(said, 'in the worktree it only says how').toContain('Nothing was removed');
  expect(gateEvents(place).filter(({ verdict }) => verdict === 'block')).toHaveLength(1);

  const cleanup = await otherPane(tmux, owner);
  await shows(cleanup, 'Look again? [Y/n]');
  expect(await cleanup.screen()).toContain('refused(in-use-cwd)');
  expect(existsSync(join(tree, 'greeting.txt'))).toBe(true);

  await owner.press('C-u');
  await owner.enter('/exit');
  await until('Claude to be gone', async () => (await tmux.panes()).length === 1);
  await cleanup.press('Enter');
  await shows(cleanup, 'Remove this worktree? [y/N]');
  await cleanup.enter('y');
  await shows(cleanup, 'Its branch too? [y/N]');
  await cleanup.enter('y');
  await shows(cleanup, '[exit code 0; this pane stays');
  expect(await cleanup.screen()).toContain('summary: deleted=2');
  expect(existsSync(tree)).toBe(false);
  expect(await git(place, place.project, 'branch', '--list', 'greeting')).toBe('');
  expect(readFileSync(join(place.project, 'greeting.txt'), 'utf8')).toBe('Hello\n');
});

it('lets the Claude that cleans up stop, beside the owner of an unfinished build', async () => {
  const place = scratch();
  const tree = await finishedWorktree(place);
  await installHook(place);
  configureClaude(place, tree);
  allowStopgate(place);
  symlinkSync(claude, join(place.home, 'bin', 'claude'));
  let cleaned = false;
  const model = await startModelServer(claudeWire, (turn) => {
    if (isCleaner(turn)) return cleaner(turn, tree);
    return ownerBeside(turn, place.project, () => cleaned);
  });
  const tmux = privateTmux(place, claudeEnv(model.url));
  const owner = await openClaude(tmux, 'work', { dir: tree });

  await owner.enter('Please add a greeting');
  const cleanup = await otherPane(tmux, owner);
  await turnEnded(cleanup, 'It is refused: somebody works there.');
  expect(buildState(place), 'it is unfinished all the while').toMatchObject({
    phase: 'executing',
    budget: { spent: 0 },
  });
  cleaned = true;
  await turnEnded(owner, 'Finished.');

  const moves = model.turns.filter(isCleaner);
  expect(moves).toHaveLength(2);
  expect(moves[1]?.results[0]).toContain('refused(in-use-cwd)');
  const blocks = gateEvents(place).filter(({ verdict }) => verdict === 'block');
  expect(blocks).toMatchObject([{ session: buildState(place).owner.sessionId }]);
  expect(existsSync(join(tree, 'greeting.txt'))).toBe(true);
});

/** Works, is held once, finishes, then does what `worktree cleanup` says. */
function ownerThatLeaves({ said, results }: Turn): Answer {
  const held = said.some((text) => text.startsWith('Stop hook feedback:'));
  if (results.length === 0) return { run: 'stopgate build start "Add a greeting"' };
  if (results.length === 1)
    return held ? { run: 'stopgate build complete' } : { say: 'I would rather stop here.' };
  if (results.length === 2) return { run: 'stopgate worktree cleanup' };
  const [command] = /stopgate worktree spawn-cleanup .*/.exec(results[2] ?? '') ?? [];
  if (results.length === 3 && command) return { run: command };
  return { say: 'The pane is open.' };
}

async function ownerBeside(
  { said, results }: Turn,
  main: string,
  cleaned: () => boolean,
): Promise<Answer> {
  if (results.length === 0) return { run: 'stopgate build start "Add a greeting"' };
  if (results.length === 1) {
    return { run: `stopgate worktree spawn-cleanup --agent claude greeting ${main}` };
  }
  await until('the other Claude to have stopped', cleaned, 60);
  const held = said.some((text) => text.startsWith('Stop hook feedback:'));
  if (results.length > 2) return { say: 'Finished.' };
  return held ? { run: 'stopgate build complete' } : { say: 'I would rather stop here.' };
}

function isCleaner({ said }: Turn): boolean {
  return said.some((text) => text.includes('# Clean up after a task'));
}

function cleaner({ results }: Turn, tree: string): Answer {
  if (results.length === 0) return { run: `stopgate worktree cleanup ${tree}` };
  return { say: 'It is refused: somebody works there.' };
}

async function otherPane(tmux: ReturnType<typeof privateTmux>, than: Pane): Promise<Pane> {
  let other: Pane | undefined;
  await until('another pane', async () => {
    other = (await tmux.panes()).find(({ id }) => id !== than.id);
    return other !== undefined;
  });
  if (!other) throw new Error('expected another pane');
  return other;
}

async function shows(pane: Pane, text: string): Promise<void> {
  await until(`"${text}" in the pane`, async () => {
    return (await pane.screen()).replaceAll('\n', '').includes(text);
  });
}

function allowStopgate({ claudeConfig }: Scratch): void {
  const path = join(claudeConfig, 'settings.json');
  const settings = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(
    path,
    JSON.stringify({ ...settings, permissions: { allow: ['Bash(stopgate:*)'] } }),
  );
}
