import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { expect } from 'vitest';
import type { Scratch } from './scratch.ts';
import type { Pane, privateTmux } from './tmux.ts';
import { until } from './until.ts';

/** What a report says of one item. */
export interface Reported {
  class: string;
  keptBy: string | null;
  why: string[];
  evidence: { name?: string; record?: { sessionId: string }; records?: { sessionId: string }[] };
}

/** Runs `stopgate …` beside the sessions of a private tmux server, as a person in one of its panes would. */
export function besides(place: Scratch, tmux: ReturnType<typeof privateTmux>) {
  const run = async (...args: string[]) => {
    const format = '#{socket_path},#{pid},0';
    const { stdout: TMUX } = await tmux.run('display-message', '-p', format);
    const env = { ...place.env, TMUX, TMUX_TMPDIR: place.root };
    return execa('stopgate', args, { cwd: place.project, env, extendEnv: false, timeout: 60_000 });
  };
  /** What the report says of one tmux session, by its name. */
  const reported = async (name: string): Promise<Reported | undefined> => {
    const { stdout } = await run('session', 'report', '--json');
    const items = JSON.parse(stdout).items as Reported[];
    return items.find(({ evidence }) => evidence.name === name);
  };
  const prune = async () => (await run('session', 'prune', '--older-than', '1s', '--force')).stdout;
  return {
    run,
    reported,
    /** Waits until the work of a session counts as finished; returns what the report says of it. */
    async finished(name: string): Promise<Reported | undefined> {
      const isFinished = async () => (await reported(name))?.class === 'completed-retained';
      await until('the work to be seen finished', isFinished, 40);
      return reported(name);
    },
    /** Prunes twice, far enough apart: the first time is the first look, the second ends the session. */
    async prunedAtTheSecondLook(name: string): Promise<void> {
      expect(await prune()).toContain(`kept(grace)  cleanup-eligible  ${name}`);
      await sleep(10_000);
      expect(await prune()).toContain(`deleted  cleanup-eligible  ${name}`);
    },
    /** Prunes as often and as far apart as would end an idle session: one that works is still there. */
    async keptThoughPrunedTwice(name: string): Promise<void> {
      for (const _ of [1, 2]) {
        await prune();
        expect(await reported(name)).toMatchObject({ class: 'active', keptBy: 'live' });
        await sleep(11_000);
      }
    },
    /** A half typed prompt keeps an idle, released session, however often it is looked at; then it is taken away. */
    async keptWhileHalfTyped(name: string, pane: Pane): Promise<void> {
      expect(await prune()).toContain(`kept(grace)  cleanup-eligible  ${name}`);
      await tmux.run('send-keys', '-t', pane.id, '-l', 'wait');
      const why = async () => (await reported(name))?.why.join() ?? '';
      const isSeen = async () => (await why()).includes('a prompt is half typed');
      await until('the half typed prompt to be seen', isSeen, 40);
      expect(await prune()).toContain(`kept(live)  active  ${name}`);
      expect(await pane.screen()).toContain('wait');
      await tmux.run('send-keys', '-t', pane.id, 'C-u');
      const isIdle = async () => (await reported(name))?.class === 'cleanup-eligible';
      await until('the session to be idle again', isIdle, 40);
    },
    /** Starts a command in a tmux session of ours. */
    async launch(name: string, ...command: string[]): Promise<Pane> {
      await run('run', '--tmux', name, '--', ...command);
      const { stdout } = await tmux.run('list-panes', '-t', `=${name}:`, '-F', '#{pane_id}');
      const pane = (await tmux.panes()).find(({ id }) => id === stdout.trim());
      if (pane === undefined) throw new Error(`expected the pane of ${name}, found ${stdout}`);
      return pane;
    },
    async sessions(): Promise<string[]> {
      return (await tmux.run('list-sessions', '-F', '#{session_name}')).stdout.split('\n');
    },
  };
}
