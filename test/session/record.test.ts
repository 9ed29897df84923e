import { describe, expect, it } from 'vitest';
import { recordAfter } from '../../src/session/record.ts';
import type { SessionRecord } from '../../src/session/schema.ts';
import { askerOf, PANE } from '../owner/make.ts';
import { AT, makeEvent, makeRecord } from './make.ts';

const LATER = '2026-01-02T04:00:00.000Z';
const me = askerOf({ agent: { pid: 100, start: 'a' }, pane: PANE });

describe('the first event of a session', () => {
  it.each(['SessionStart', 'UserPromptSubmit', 'PreCompact', 'SessionEnd'])(
    '%s begins a record',
    (name) => {
      expect(recordAfter(null, makeEvent(name), me, AT)).toMatchObject({
        host: 'claude',
        sessionId: 's-1',
        agent: { pid: 100, start: 'a' },
        pane: PANE,
        startedAt: AT,
        lastActivityAt: AT,
        lastEvent: name,
      });
    },
  );
});

describe('an event of a session that is known', () => {
  it.each<[string, string, Partial<SessionRecord>, Partial<SessionRecord>]>([
    ['a prompt is activity', 'UserPromptSubmit', {}, { status: 'live' }],
    [
      'a prompt wakes one that ended',
      'UserPromptSubmit',
      { status: 'stopped', endedAt: AT, endReason: 'other' },
      { status: 'live', endedAt: null, endReason: null },
    ],
    [
      'a prompt in another process: the session went on there',
      'UserPromptSubmit',
      { agent: { pid: 7, start: 'b' }, pane: { ...PANE, id: '%9' }, machine: 'another' },
      { agent: { pid: 100, start: 'a' }, pane: PANE, machine: 'machine-1' },
    ],
    [
      'an end in another process, which it had left',
      'SessionEnd',
      { agent: { pid: 7, start: 'b' }, pane: { ...PANE, id: '%9' } },
      { agent: { pid: 7, start: 'b' }, pane: { ...PANE, id: '%9' } },
    ],
    ['a compaction begins', 'PreCompact', {}, { compactingSince: LATER, status: 'live' }],
    ['a compaction is over', 'PostCompact', { compactingSince: AT }, { compactingSince: null }],
    [
      'a start ends a compaction',
      'SessionStart',
      { compactingSince: AT },
      { compactingSince: null },
    ],
    [
      'an end stops it, and a compaction in it',
      'SessionEnd',
      { compactingSince: AT },
      { status: 'stopped', endedAt: LATER, endReason: 'clear', compactingSince: null },
    ],
  ])('%s', (_name, name, before, after) => {
    const event = makeEvent(name, { reason: 'clear', source: 'compact' });
    expect(recordAfter(makeRecord(before), event, me, LATER)).toMatchObject({
      startedAt: AT,
      lastActivityAt: LATER,
      lastEvent: name,
      ...after,
    });
  });

  it.each<[string, { pid: number; start: string }, string | undefined]>([
    ['its process', { pid: 100, start: 'a' }, '4026531836'],
    ['another process', { pid: 101, start: 'b' }, undefined],
  ])('what 0.1 wrote of its agent gets the namespace of %s', (_name, agent, namespace) => {
    const asker = askerOf({ agent: { ...agent, namespace: '4026531836' } });
    const after = recordAfter(makeRecord(), makeEvent('SessionEnd'), asker, LATER);
    expect(after.agent).toEqual({ pid: 100, start: 'a', ...(namespace ? { namespace } : {}) });
  });

  it('keeps what a later version wrote', () => {
    const before = { ...makeRecord(), later: [1] } as SessionRecord;
    for (const name of ['SessionStart', 'UserPromptSubmit', 'SessionEnd'])
      expect(recordAfter(before, makeEvent(name), me, LATER)).toMatchObject({ later: [1] });
  });
});

describe('a start says where the session is now', () => {
  const start = makeEvent('SessionStart', { cwd: '/new', source: 'resume', transcriptPath: null });

  it('directory, process and source are new, a transcript that it does not name stays', () => {
    const other = askerOf({ agent: { pid: 200, start: 'b' }, pane: null });
    expect(recordAfter(makeRecord({ pane: PANE }), start, other, LATER)).toMatchObject({
      cwd: '/new',
      agent: { pid: 200, start: 'b' },
      source: 'resume',
      pane: null,
      transcript: '/t.jsonl',
    });
  });

  it('a pane that was proven stays while the process is the same', () => {
    const unseen = askerOf({ agent: { pid: 100, start: 'a' }, pane: null });
    expect(recordAfter(makeRecord({ pane: PANE }), start, unseen, LATER).pane).toEqual(PANE);
  });
});
