import { expect, it } from 'vitest';
import type { IdleFacts } from '../../src/idle/facts.ts';
import { obstacleTo } from '../../src/idle/obstacle.ts';
import { IDLE } from './make.ts';

const typed = (text: string) => ({ composer: { kind: 'typed', text } as const });

it.each<[string, Partial<IdleFacts>, 'busy' | 'unknown' | null]>([
  ['everything agrees', {}, null],
  ['nobody can tell whether it lives', { agent: 'unknown' }, 'unknown'],
  ['it is gone', { agent: 'dead' }, 'unknown'],
  ['the turn goes on', { turn: 'open' }, 'busy'],
  ['the transcript cannot be read', { turn: 'unreadable' }, 'unknown'],
  ['a command runs in the background', { background: true }, 'busy'],
  ['tmux does not answer', { pane: 'unseen' }, 'unknown'],
  ['the pane shows another process', { pane: 'other-process' }, 'unknown'],
  ['it is suspended', { pane: 'suspended' }, 'busy'],
  ['somebody scrolls', { inMode: true }, 'busy'],
  ['panes are synchronized', { synchronized: true }, 'busy'],
  ['a client was used just now', { clientIdleMs: 0 }, 'busy'],
  ['a client was used 29 s ago', { clientIdleMs: 29_000 }, 'busy'],
  ['a client was used 31 s ago', { clientIdleMs: 31_000 }, null],
  ['the clock went back', { clientIdleMs: -5_000 }, 'busy'],
  ['a dialog is open', { composer: { kind: 'unknown' } }, 'unknown'],
  ['a prompt is half typed', typed('please al'), 'busy'],
  ['somebody typed /quit', typed('/quit'), 'busy'],
  ['the screen moved just now', { stillMs: 999 }, 'busy'],
  ['the screen moved a second ago', { stillMs: 1_000 }, null],
])('when %s: %j → %s', (_, facts, kind) => {
  expect(obstacleTo({ ...IDLE, ...facts })?.kind ?? null).toBe(kind);
});

it('overlooks exactly what we may have left in the input line ourselves', () => {
  expect(obstacleTo({ ...IDLE, ...typed('/quit') }, '/quit')).toBeNull();
  expect(obstacleTo({ ...IDLE, ...typed('/quit now') }, '/quit')?.kind).toBe('busy');
  expect(obstacleTo({ ...IDLE, composer: { kind: 'unknown' } }, '/quit')?.kind).toBe('unknown');
});
