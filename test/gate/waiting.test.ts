import { expect, it } from 'vitest';
import { isAwaited, isCompacting } from '../../src/gate/waiting.ts';
import { HOSTS } from '../../src/hosts/index.ts';
import { recordAfter } from '../../src/session/record.ts';
import { askerOf } from '../owner/make.ts';

const eventOf = (more: object) =>
  HOSTS.claude.parseEvent({ session_id: 'a', hook_event_name: 'Stop', cwd: '/repo', ...more });
const shell = (command: string) => ({ type: 'shell', status: 'running', command });
const subagent = { type: 'subagent', status: 'running' };

it.each<[string, object[], string[] | undefined, boolean]>([
  ['nothing runs', [], undefined, false],
  ['a shell runs', [shell('npm test')], undefined, true],
  ['a dev server that is to be ignored', [shell('cd web && npm run dev')], ['npm run dev'], false],
  ['that, and a subagent', [shell('npm run dev'), subagent], ['npm run dev'], true],
  ['two of them', [shell('vite'), shell('npm run dev')], ['npm run dev', 'vite'], false],
  ['another command', [shell('npm test')], ['npm run dev'], true],
  ['a subagent is never ignored', [subagent], ['subagent', 'running'], true],
])('background work wakes the session: %s', (_, background_tasks, ignored, expected) => {
  expect(isAwaited(eventOf({ background_tasks }), ignored)).toBe(expected);
});

it.each<[string, object[], boolean]>([
  ['a prompt that was scheduled for once', [{ recurring: false, prompt: 'look again' }], true],
  ['one that comes again and again', [{ recurring: true, prompt: 'good morning' }], false],
  ['both', [{ recurring: true }, { recurring: false }], true],
  ['what is no prompt that we know', [{}, { recurring: 'no' }], false],
])('a wake-up: %s', (_, session_crons, expected) => {
  expect(isAwaited(eventOf({ session_crons }), ['look again'])).toBe(expected);
});

const NOW = Date.parse('2026-03-01T12:00:00.000Z');
const MINUTE = 60_000;
const began = (ago: number, more: object = {}) => {
  const event = eventOf({ hook_event_name: 'PreCompact', ...more });
  return recordAfter(null, event, askerOf(), new Date(NOW - ago).toISOString());
};

it.each([
  ['just now', 0, true],
  ['nine minutes ago', 9 * MINUTE, true],
  ['so long ago that its end was missed', 11 * MINUTE, false],
  ['far ahead: the clock was wrong', -11 * MINUTE, false],
])('a compaction that began %s', (_, ago, expected) => {
  expect(isCompacting(began(ago), eventOf({}), NOW)).toBe(expected);
});

it.each([
  ['the prompt in which it began', { prompt_id: 'p1' }, { prompt_id: 'p1' }, true],
  ['a later prompt: it failed', { prompt_id: 'p1' }, { prompt_id: 'p2' }, false],
  ['a later turn of Codex', { turn_id: 't1' }, { turn_id: 't2' }, false],
  ['nobody knows which prompt', { prompt_id: 'p1' }, {}, true],
  ['a prompt, and nobody knows where it began', {}, { prompt_id: 'p2' }, true],
])('a compaction, at the stop of %s', (_, start, stop, expected) => {
  expect(isCompacting(began(0, start), eventOf(stop), NOW)).toBe(expected);
});

it('no compaction, no record of the session', () => {
  const after = recordAfter(null, eventOf({}), askerOf(), new Date(NOW).toISOString());
  expect(isCompacting(after, eventOf({}), NOW)).toBe(false);
  expect(isCompacting(null, eventOf({}), NOW)).toBe(false);
});
