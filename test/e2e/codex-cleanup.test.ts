// @module-tag smoke
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { codex } from './support/clients.ts';
import { endCodexAfterTest } from './support/codex-daemon.ts';
import { turnEnded } from './support/codex-tui.ts';
import { codexWire } from './support/codex-wire.ts';
import { inOrder, startModelServer } from './support/model-server.ts';
import { configureCodex } from './support/run-codex.ts';
import { scratch } from './support/scratch.ts';
import { privateTmux } from './support/tmux.ts';
import { until } from './support/until.ts';
import { finishedWorktree } from './support/worktree.ts';

it("has Codex clean up in a pane of its own, by the skill's words", async () => {
  const place = scratch();
  await finishedWorktree(place);
  const model = await startModelServer(
    codexWire,
    inOrder([{ run: 'stopgate worktree cleanup greeting' }, { say: 'It may go.' }]),
  );
  configureCodex(place, model.url);
  endCodexAfterTest(place);
  symlinkSync(codex, join(place.home, 'bin', 'codex'));
  const tmux = privateTmux(place, { FAKE_KEY: 'dummy' });
  const shell = await tmux.open('work', '/bin/sh');

  await shell.enter(`stopgate worktree spawn-cleanup --agent codex greeting ${place.project}`);
  await until('another pane', async () => (await tmux.panes()).length === 2);
  const [pane] = (await tmux.panes()).filter(({ id }) => id !== shell.id);
  if (!pane) throw new Error('expected another pane');
  await turnEnded(pane, 'It may go.');

  expect(model.turns[0]?.said.at(-1)).toMatch(/^# Clean up after a task\n.*The task: "greeting"$/s);
  expect(model.turns[1]?.results[0]).toContain('would_delete');
});
