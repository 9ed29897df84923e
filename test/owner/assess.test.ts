import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { assess, identifyFor, type Owned } from '../../src/owner/assess.ts';
import { machineId } from '../../src/owner/machine.ts';
import type { OwnerStamp } from '../../src/owner/stamp.ts';
import { scratchDir } from '../build/scratch.ts';
import { endedStamp, stampOfPid } from '../support/process-stamp.ts';
import { askerOf, lineageOf, PANE, stampOf } from './make.ts';

const PATH = process.env.PATH;
let asked: string;

/** A tmux that leaves a mark when it is called, and knows nothing. */
beforeEach(() => {
  const dir = scratchDir();
  asked = join(dir, 'asked');
  writeFileSync(join(dir, 'tmux'), `#!/bin/sh\n: >'${asked}'\nexit 1\n`, { mode: 0o755 });
  process.env.PATH = `${dir}${delimiter}${PATH}`;
});

afterEach(() => {
  process.env.PATH = PATH;
});

const alive = stampOfPid(process.ppid);
const mine = stampOfPid();
const dead = endedStamp();

/** The hook of session-b, run by this very process as its agent. */
const input = {
  host: 'claude' as const,
  sessionId: 'session-b',
  cwd: '/',
  env: { TMUX: '/tmp/none,100,0', TMUX_PANE: '%1', CLAUDE_PID: String(process.ppid) },
  pid: process.pid,
};

const ownedBy = (changes: Partial<OwnerStamp> | null): Owned => ({
  owner: changes && stampOf({ machine: machineId(), ...changes }),
  checkouts: ['/'],
});

it.each<[string, (Partial<OwnerStamp> | null)[], boolean, 'judged before'?]>([
  ['nothing is armed', [], false],
  ['nobody owns it', [null], false],
  ['it is mine, and I am where I was', [{ sessionId: 'session-b', agent: alive }], false],
  ['it is mine, and I moved', [{ sessionId: 'session-b', agent: dead }], true],
  ['its owner is another that lives', [{ agent: mine }], false],
  ['its owner is dead', [{ agent: dead }], true],
  [
    'its owner is dead, and the place was judged at the start',
    [{ agent: dead }],
    false,
    'judged before',
  ],
  [
    'it waits for a tmux session by name, and the place was judged at the start',
    [{ sessionId: null, agent: null, pane: null, tmuxName: 'work' }],
    true,
    'judged before',
  ],
  ['it was mine once, and its owner is dead', [{ agent: dead, former: ['session-b'] }], true],
  ['its owner is dead, and was in no pane', [{ agent: dead, pane: null }], false],
  ['its owner is dead, on another machine', [{ agent: dead, machine: 'another' }], false],
  ['its agent process is mine', [{ agent: alive }], true],
  ['its agent process is not known', [{ agent: null }], false],
  [
    'it waits for a tmux session by name',
    [{ sessionId: null, agent: null, pane: null, tmuxName: 'work' }],
    true,
  ],
  [
    'one is mine, another could be',
    [{ sessionId: 'session-b', agent: alive }, { agent: dead }],
    false,
  ],
  ['one of many could be mine', [{ agent: mine }, null, { agent: dead }], true],
])('is tmux asked when %s: ', (_name, stamps, expected, judged) => {
  const mayInherit = judged === undefined;
  rmSync(asked, { force: true });
  const me = identifyFor(stamps.map(ownedBy), input, mayInherit);
  expect(existsSync(asked)).toBe(expected);
  expect(me).toMatchObject({ sessionId: 'session-b', agent: alive, pane: null });
});

it('looks at the world: who lives, and in which checkout the asker works', () => {
  const cwd = scratchDir();
  const restarted = lineageOf({ restart: 'after', alone: true });
  const me = askerOf({ sessionId: 'session-b', agent: alive, machine: machineId(), cwd });
  const answer = (owner: Partial<OwnerStamp>, checkouts: string[]) =>
    assess({ owner: stampOf({ machine: machineId(), ...owner }), checkouts }, me, () => restarted);
  expect(answer({ agent: mine }, [cwd])).toMatchObject({ answer: 'foreign', row: 4 });
  expect(answer({ agent: dead }, [cwd])).toMatchObject({ answer: 'owner', row: '3b' });
  expect(answer({ agent: dead }, [join(cwd, 'sub')])).toMatchObject({ answer: 'foreign', row: 4 });
  expect(answer({ agent: dead, pane: { ...PANE, id: '%9' } }, [cwd])).toMatchObject({ row: 6 });
  expect(answer({ agent: mine, pane: { ...PANE, id: '%9' } }, [cwd])).toMatchObject({ row: 7 });
});
