import { describe, expect, it } from 'vitest';
import { type Call, joinsLate, type Look, partsLeft } from '../../src/io/same-event.ts';

/** The first call of a Stop: started at 1,000, written down at 1,004. */
const first: Call = {
  event: 'e',
  by: 'settings',
  agent: '7',
  boot: 'b',
  pid: 11,
  since: 1_000,
  at: 1_004,
  size: 100,
  parts: ['build', 'router'],
  late: false,
};
const SECOND = 100;
const ended: Look = { isRunning: () => false, hasSpokenSince: () => false };

/** What is left of a later call, judged as `takeEvent` does. */
function left(before: Call[], more: Partial<Call>, look: Partial<Look> = {}): string {
  const call = { ...first, by: 'plugin', ...more };
  const late = joinsLate(before, call, { ...ended, ...look });
  return partsLeft(before, { ...call, late }).join(' ') || 'nothing';
}

const ALL = 'build router';

describe('calls that ran at the same time are one event', () => {
  it.each<[string, Partial<Call>, Partial<Look>, string]>([
    ['started before the other was written down', { since: 1_003 }, {}, 'nothing'],
    ['started before it, from equal settings', { since: 1_003, by: 'settings' }, {}, 'nothing'],
    ['started first, written down second', { since: 999, at: 1_005 }, {}, 'nothing'],
    [
      'started while the other still runs, from equal settings',
      { since: 1_090, by: 'settings' },
      { isRunning: () => true },
      'nothing',
    ],
    ['another payload', { since: 1_003, event: 'f' }, {}, ALL],
    ['another process of the host', { since: 1_003, agent: '8' }, {}, ALL],
    ['another boot of the machine', { since: 1_003, boot: 'c' }, {}, ALL],
  ])('%s', (_name, more, look, expected) => {
    expect(left([first], more, look)).toBe(expected);
  });
});

describe('a call that started when the other had ended', () => {
  const later = (since: number, more: Partial<Call> = {}) => ({ since, at: since + 4, ...more });
  const spoken: Partial<Look> = { hasSpokenSince: () => true };
  it.each<[string, Partial<Call>, Partial<Look>, string]>([
    ['of equal settings is the next event', later(1_010, { by: 'settings' }), {}, ALL],
    ['of another registration belongs to the same event', later(1_010), {}, 'nothing'],
    ['on a busy machine, a minute later, too', later(1_004 + 60 * SECOND), {}, 'nothing'],
    ['after hooks of others that took ten minutes', later(1_004 + 600 * SECOND), {}, 'nothing'],
    ['after more than ten minutes is the next event', later(1_005 + 600 * SECOND), {}, ALL],
    ['after a word of the model is the next event', later(1_010), spoken, ALL],
    [
      'that meets a call which never ends, after a word of the model',
      later(1_010, { by: 'settings' }),
      { ...spoken, isRunning: () => true },
      ALL,
    ],
  ])('%s', (_name, more, look, expected) => {
    expect(left([first], more, look)).toBe(expected);
  });
});

it.each<[string, Call['parts'], Call['parts'], string]>([
  ['build-stop, then the router', ['build'], ['build', 'router'], 'router'],
  ['the router, then build-stop', ['build', 'router'], ['build'], 'nothing'],
  ['build-stop twice', ['build'], ['build'], 'nothing'],
])('%s: the second does what is left', (_name, parts, then, expected) => {
  expect(left([{ ...first, parts }], { since: 1_003, parts: then })).toBe(expected);
});

it('counts the next event from its first call on, whichever registration makes that', () => {
  const second = { ...first, by: 'plugin', since: 1_002, at: 1_006 };
  const next = { ...first, by: 'plugin', since: 2_000, at: 2_004 };
  expect(left([first, second], { since: 2_000 })).toBe(ALL);
  expect(left([first, second, next], { by: 'settings', since: 2_001 })).toBe('nothing');
  expect(left([first, second, next], { by: 'settings', since: 2_050 })).toBe('nothing');
});

it('tells two events that overlap apart, one call of each in turn', () => {
  const other = { ...first, event: 'f', since: 1_001, at: 1_005 };
  expect(left([first, other], { since: 1_002 })).toBe('nothing');
  expect(left([first, other], { since: 1_002, event: 'f' })).toBe('nothing');
});

it('judges by whether a call joined its event late, as that call wrote it down', () => {
  const joined = { ...first, by: 'plugin', since: 1_010, at: 1_014, late: true };
  expect(left([first, joined], { by: 'project', since: 1_012 })).toBe('nothing');
  expect(left([first, joined], { by: 'plugin', since: 1_020 })).toBe(ALL);
});
