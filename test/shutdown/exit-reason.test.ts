import { expect, it } from 'vitest';
import { exitReasonOf } from '../../src/shutdown/exit-reason.ts';
import type { Request } from '../../src/shutdown/request.ts';
import { requestOf } from './make.ts';

const OURS = 'shutdown-after-idle: role intake, tool hand_off';
const PERHAPS = `not known, perhaps ${OURS}`;
const told = { state: 'ending', toldAt: '2026-01-02T03:04:05.000Z' } as const;
const announced = { state: 'ending' } as const;
const cutOff = { state: 'failed', toldAt: null } as const;

it.each<[string, Partial<Request>, string | null, string | null]>([
  ['it was told to end', told, 'other', OURS],
  ['it was told, and gave no reason', told, null, OURS],
  ['it was told while a person left', told, 'prompt_input_exit', null],
  ['it was going to be told', announced, 'other', PERHAPS],
  ['it was going to be told, and a person left', announced, 'prompt_input_exit', null],
  ['it was going to be told, and was cleared', announced, 'clear', null],
  ['nothing was begun', {}, 'other', null],
  ['an earlier try was cut off', cutOff, 'other', null],
  ['a Codex was told', { ...told, host: 'codex' }, 'other', OURS],
  ['a Codex was going to be told', { ...announced, host: 'codex' }, 'other', PERHAPS],
])('%s: %j, %s → %s', (_name, request, said, expected) => {
  expect(exitReasonOf(requestOf(request), said)).toBe(expected);
});
