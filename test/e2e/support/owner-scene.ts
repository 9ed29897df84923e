import { join } from 'node:path';
import { openClaude } from './claude-tui.ts';
import { claudeWire } from './claude-wire.ts';
import { type Script, startModelServer } from './model-server.ts';
import { puppet } from './puppet.ts';
import { claudeEnv, configureClaude } from './run-claude.ts';
import { type Scratch, scratch } from './scratch.ts';
import { buildState, installHook, stopgate } from './stopgate.ts';
import { type Pane, privateTmux } from './tmux.ts';
import { until } from './until.ts';
import { gone } from './worker.ts';
import { git } from './worktree.ts';

/** Comes before a command that shall run as in a terminal that is no pane of tmux. */
export const OUTSIDE_TMUX = ['env', '-u', 'TMUX', '-u', 'TMUX_PANE'];

/** A machine with our hooks, a puppet for a model, a project with a linked worktree, and a tmux server. */
export async function claudeScene(script: Script = puppet) {
  const place = scratch();
  const tree = await linkedWorktree(place);
  await installHook(place);
  configureClaude(place, tree);
  const model = await startModelServer(claudeWire, script);
  const tmux = privateTmux(place, claudeEnv(model.url));
  await tmux.keep();
  /** Opens a Claude Code in a new pane of a tmux session. */
  const open = (
    session: string,
    flags: string[] = [],
    more: { before?: string[]; dir?: string } = {},
  ) => openClaude(tmux, session, { flags: ['--allowedTools', 'Bash', ...flags], ...more });
  return { place, tree, model, tmux, open };
}

/** Makes the project a repository, and returns where its linked worktree is. */
async function linkedWorktree(place: Scratch): Promise<string> {
  const tree = join(place.root, 'project.worktrees', 'tree');
  await git(place, place.project, 'init', '--quiet', '-b', 'main');
  await git(place, place.project, 'commit', '--quiet', '--allow-empty', '-m', 'start');
  await git(place, place.project, 'worktree', 'add', '--quiet', '-b', 'tree', tree);
  return tree;
}

/** Types a prompt that is not on the screen yet, and returns the last word that the puppet said in that turn. */
export async function ask(pane: Pane, prompt: string): Promise<string | undefined> {
  await pane.enter(prompt);
  const since = async () => (await pane.screen()).split(prompt).slice(1).join();
  await until(`the end of the turn "${prompt}"`, async () => ENDED.test(await since()), 60);
  return [...(await since()).matchAll(WORD)].at(-1)?.[1];
}

const WORD = /[●•] (Free\.|Held\.|Ran\.)/g;
const ENDED = /[●•] (Free|Held|Ran)\.[^●•]*( · done|Worked for)/;

/** The session that owns the one build. */
export function ownerId(place: Scratch): string {
  return buildState(place).owner.sessionId ?? '';
}

/** What the one build has spent. */
export function spent(place: Scratch): number {
  return buildState(place).budget.spent;
}

/** Has the one build go on, as a person does from a plain terminal: a puppet that was held has paused it. */
export async function goesOn(place: Scratch): Promise<void> {
  await stopgate(place, 'build', 'resume', '--build', buildState(place).id);
}

/** Waits until the agent process that owns the one build is gone. */
export async function ownerGone(place: Scratch): Promise<void> {
  await gone((buildState(place).owner.agent as { pid: number }).pid);
}
