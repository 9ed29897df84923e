import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { claudeWire } from './support/claude-wire.ts';
import { claude } from './support/clients.ts';
import { startModelServer } from './support/model-server.ts';
import { goesOn, ownerId, spent } from './support/owner-scene.ts';
import { puppet, START } from './support/puppet.ts';
import { claudeEnv, configureClaude } from './support/run-claude.ts';
import { type Scratch, scratch } from './support/scratch.ts';
import { installHook } from './support/stopgate.ts';

/** Comes before a program that shall run in a PID namespace of its own: here, what a container is. */
const CONTAINER = ['unshare', '--pid', '--mount', '--fork', '--mount-proc', '--kill-child'];

it.each([
  ['the others run in a container', [], CONTAINER],
  ['it runs in a container', CONTAINER, []],
])(
  'the owner stays the owner when nobody can see its process, because %s; its session may go on anywhere',
  async (_, one, another) => {
    const place = scratch();
    await installHook(place);
    configureClaude(place);
    let stop = () => {};
    const stopped = new Promise<void>((done) => {
      stop = done;
    });
    const model = await startModelServer(claudeWire, async (turn) => {
      const answer = await puppet(turn);
      if ('say' in answer && answer.say === 'Ran.') await stopped;
      return answer;
    });
    const run = (enter: string[], ...words: string[]) =>
      inTmux(place, claudeEnv(model.url), enter, [...words, '--allowedTools', 'Bash']);

    const owner = run(one, '-p', START);
    await expect.poll(() => model.turns.at(-1)?.results.length, { timeout: 30_000 }).toBe(1);
    const id = ownerId(place);
    // The second one starts when the first has looked, and found no process of the owner.
    expect(await run(another, '-p', 'What time is it?')).toBe('Free.');
    expect(await run(another, '-p', 'And what day?')).toBe('Free.');
    expect([ownerId(place), spent(place)]).toEqual([id, 0]);

    stop();
    expect(await owner).toBe('Held.');
    await goesOn(place);
    expect(await run(another, '-p', 'Please go on', '--resume', id)).toBe('Held.');
    await goesOn(place);
    expect(await run(one, '-p', 'And back again', '--resume', id)).toBe('Held.');
    expect([ownerId(place), spent(place)]).toEqual([id, 3]);
  },
);

let runs = 0;

/**
 * Runs Claude Code in a pane, and returns its answer. In every container the tmux server has the same socket, and the
 * tmux session the same name.
 */
async function inTmux(
  place: Scratch,
  env: Record<string, string>,
  enter: string[],
  words: string[],
): Promise<string> {
  runs += 1;
  const out = join(place.root, `out-${runs}`);
  const sockets = join(place.root, 'sockets');
  mkdirSync(sockets, { recursive: true, mode: 0o700 });
  const ownSockets = enter.length > 0 ? `mount -t tmpfs tmpfs ${sockets} || exit 1` : '';
  const script = `${ownSockets}
    tmux -u -f /dev/null -L agents new-session -d -s work sh -c '"$@" >${out} 2>&1 </dev/null' sh "$@"
    while tmux -L agents has-session -t =work 2>/dev/null; do sleep 0.1; done`;
  const [program = '', ...args] = [...enter, 'sh', '-c', script, 'sh', claude, ...words];
  await execa(program, args, {
    cwd: place.project,
    env: { ...place.env, ...env, TMUX_TMPDIR: sockets },
    extendEnv: false,
    timeout: 90_000,
    killSignal: 'SIGKILL',
    reject: false,
  });
  return existsSync(out) ? readFileSync(out, 'utf8').trim() : 'nothing';
}
