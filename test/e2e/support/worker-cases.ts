import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { inOrder, type ModelServer, type Script } from './model-server.ts';
import { killCloserAt } from './mortal-closer.ts';
import type { Scratch } from './scratch.ts';
import type { Pane, privateTmux } from './tmux.ts';
import { until } from './until.ts';
import {
  asRole,
  closed,
  confirmed,
  decided,
  GAVE_WAY,
  gone,
  HAND_OFF,
  isAlive,
  pause,
  sessionRecord,
} from './worker.ts';

export const handOff = { call: HAND_OFF, input: {} };
export const REQUESTED = 'requested: the hand-off succeeded';
const OURS = `shutdown-after-idle: role intake, tool ${HAND_OFF}`;
export const PERHAPS = `not known, perhaps ${OURS}`;
/** Longer than an idle worker that was asked to end ever takes. */
export const LONG_MS = 5_000;

const ASKED_AGAIN = 'What did you do?';

interface Worker {
  place: Scratch;
  model: ModelServer;
  tmux: ReturnType<typeof privateTmux>;
  pane: Pane;
  pid: () => number;
}

/** What the cases have to know of a host. */
interface WorkerHost<W extends Worker> {
  worker: (script: Script, before?: string[]) => Promise<W>;
  /** Opens a session again and asks it something, which it answers with "I remember.". */
  resume: (worker: W, sessionId: string, prompt: string) => Promise<void>;
  turnEnded: (pane: Pane, answer: string) => Promise<void>;
  /** What stands before an answer on the screen. */
  bullet: string;
  isInputEmpty: (screen: string) => boolean;
  /**
   * What a closer does to the world, in order, and what of the host when it dies before that: it is `ended` at the next
   * idle, `gone` by itself, or `perhaps` gone by itself, for nobody knows.
   */
  steps: [step: number, name: string, then: 'ended' | 'gone' | 'perhaps'][];
  /** What a person types to leave, and what is known of who ended it when a closer was about to. */
  leave: { line: string; exitReason: string | undefined };
}

/** The cases that are the same for every host; each host's own ones are in its test. */
export function workerCases<W extends Worker>(host: WorkerHost<W>): void {
  const { worker, resume, turnEnded, bullet, isInputEmpty, steps, leave } = host;
  const answered = (pane: Pane, answer: string) =>
    until('the answer', async () => (await pane.screen()).includes(`${bullet} ${answer}`));

  it('ends within 5 s of its final answer, and leaves a session that can be resumed', {
    tags: 'smoke',
  }, async () => {
    const all = await worker(({ said, results }) => {
      if (said.at(-1) === ASKED_AGAIN) return { say: 'I remember.' };
      return results.length === 0 ? handOff : { say: 'I handed it off.' };
    });
    const { place, model, pane, pid } = all;
    await pane.enter('Please hand off');
    await answered(pane, 'I handed it off.');
    expect(await gone(pid())).toBeLessThan(5_000);
    await confirmed(place);
    expect(decided(place)).toEqual([REQUESTED, 'ending: idle', 'ended: handed off and idle']);
    const record = sessionRecord(place);
    expect(record).toMatchObject({
      status: 'stopped',
      role: 'intake',
      lastEvent: 'SessionEnd',
      exitReason: `shutdown-after-idle: role intake, tool ${HAND_OFF}`,
    });
    expect(readFileSync(record.transcript, 'utf8')).toContain('I handed it off.');

    await resume(all, record.sessionId, ASKED_AGAIN);
    expect(model.turns.at(-1)?.said).toEqual(
      expect.arrayContaining(['Please hand off', ASKED_AGAIN]),
    );
    expect(model.turns.at(-1)?.results.join()).toContain('hand_off: done');
  });

  it.each([
    ['no role', [], []],
    ['another role', asRole('review'), ['ignored: this tool hands off nothing for this role']],
  ])('never ends a session with %s', { tags: 'smoke' }, async (_, before, log) => {
    const script = inOrder([handOff, { say: 'I handed it off.' }]);
    const { place, pane, pid } = await worker(script, before);
    await pane.enter('Please hand off');
    await turnEnded(pane, 'I handed it off.');
    await pause(LONG_MS);
    expect(isAlive(pid())).toBe(true);
    expect(decided(place)).toEqual(log);
  });

  it('waits for a half typed prompt, and ends after its answer', async () => {
    const { place, tmux, pane, pid } = await worker(async ({ said, results }) => {
      if (results.length === 0) return handOff;
      if (said.at(-1)?.startsWith('wait')) return { say: 'I waited.' };
      await pause(1_500);
      return { say: 'I handed it off.' };
    });
    await pane.enter('Please hand off');
    await until('the hand-off', () => decided(place).length > 0);
    await tmux.run('send-keys', '-t', pane.id, '-l', 'wait');
    await turnEnded(pane, 'I handed it off.');
    await pause(LONG_MS);
    expect(isAlive(pid())).toBe(true);
    expect(decided(place)).toEqual([REQUESTED, 'waiting: a prompt is half typed']);
    await tmux.run('send-keys', '-t', pane.id, '-l', ' a moment');
    await pause(600);
    await tmux.run('send-keys', '-t', pane.id, 'Enter');
    await answered(pane, 'I waited.');
    await gone(pid());
    await confirmed(place);
    expect(decided(place)).toContainEqual(GAVE_WAY);
  });

  it.each(steps)(
    'finishes the job at the next idle when the closer is killed at step %s (%s)',
    async (step, name, then) => {
      const { place, tmux, pane } = await worker(({ said, results }) => {
        if (results.length === 0) return handOff;
        return { say: said.at(-1) === 'Go on' ? 'I went on.' : 'I handed it off.' };
      });
      const { killed } = killCloserAt(place, step);
      await pane.enter('Please hand off');
      await until('the closer to be killed', () => killed() !== null);
      expect(killed()).toBe(`killed before ${name}`);
      const { pid: agent } = sessionRecord(place).agent ?? { pid: 0 };
      if (then === 'ended') {
        await pause(2_000);
        expect(isAlive(agent)).toBe(true);
        expect(isInputEmpty(await pane.screen())).toBe(true);
        await pane.enter('Go on');
        await answered(pane, 'I went on.');
        await gone(agent);
        await confirmed(place);
      }
      await gone(agent);
      await closed(tmux, 'work');
      expect(sessionRecord(place)).toMatchObject({
        status: 'stopped',
        exitReason: then === 'perhaps' ? PERHAPS : OURS,
      });
    },
  );

  it('claims no end that a person brought about after the closer was killed', async () => {
    const { place, tmux, pane } = await worker(inOrder([handOff, { say: 'I handed it off.' }]));
    const { killed } = killCloserAt(place, 3);
    await pane.enter('Please hand off');
    await until('the closer to be killed', () => killed() !== null);
    const { pid: agent } = sessionRecord(place).agent ?? { pid: 0 };
    await pane.enter(leave.line);
    await gone(agent);
    await closed(tmux, 'work');
    await until('its record', () => sessionRecord(place).status === 'stopped');
    expect(sessionRecord(place).exitReason ?? undefined).toBe(leave.exitReason);
  });
}
