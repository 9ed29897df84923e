import { expect, it } from 'vitest';
import { decide, type Facts } from '../../src/shutdown/decide.ts';
import { IDLE } from '../idle/make.ts';

/** A worker that handed off, and is idle beyond doubt. */
const DONE: Facts = {
  ...IDLE,
  request: 'same',
  kept: false,
  sameProcess: true,
  ended: false,
  prompted: false,
  answerShown: true,
  leftover: false,
};

it('ends an idle worker', () => {
  expect(decide(DONE)).toEqual({ kind: 'go' });
});

const typed = (text: string) => ({ composer: { kind: 'typed', text } as const });

it.each<[string, Partial<Facts>, string]>([
  ['the request was taken back', { request: 'gone' }, 'drop'],
  ['another stop has its own closer', { request: 'other' }, 'defer'],
  ['somebody keeps the session', { kept: true }, 'drop'],
  ['the process is dead', { agent: 'dead' }, 'drop'],
  ['nobody can tell whether it lives', { agent: 'unknown' }, 'wait'],
  ['it was resumed in another process', { sameProcess: false }, 'drop'],
  ['it was cleared', { ended: true }, 'drop'],
  ['a prompt came', { prompted: true }, 'defer'],
  ['the turn goes on', { turn: 'open' }, 'wait'],
  ['the pane shows another session', { answerShown: false }, 'wait'],
  ['a dialog is open', { composer: { kind: 'unknown' } }, 'wait'],
  ['a prompt is half typed', typed('please al'), 'wait'],
  ['somebody typed /quit', typed('/quit'), 'wait'],
  ['an earlier closer typed /quit', { ...typed('/quit'), leftover: true }, 'go'],
  ['a person took some of it away', { ...typed('/qu'), leftover: true }, 'wait'],
  ['a person typed behind it', { ...typed('/quit now'), leftover: true }, 'wait'],
  ['a person typed after it was cleared', { ...typed('what'), leftover: true }, 'wait'],
  ['the screen moved just now', { stillMs: 999 }, 'wait'],
])('when %s: %j → %s', (_, facts, kind) => {
  expect(decide({ ...DONE, ...facts }).kind).toBe(kind);
});

it('names what has to be known first, and never ends on a mixture', () => {
  const all: Partial<Facts> = { prompted: true, turn: 'open', ...typed('x'), clientIdleMs: 1 };
  expect(decide({ ...DONE, ...all, kept: true })).toMatchObject({ kind: 'drop' });
  expect(decide({ ...DONE, ...all })).toMatchObject({
    kind: 'defer',
    reason: 'a prompt arrived first',
  });
});
