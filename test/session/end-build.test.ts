import { expect, it } from 'vitest';
import type { Build } from '../../src/build/schema.ts';
import { createBuild, readBuild } from '../../src/build/store.ts';
import { machineId } from '../../src/owner/machine.ts';
import { readProcess } from '../../src/owner/process.ts';
import { endBuild } from '../../src/session/report/end-build.ts';
import { statePaths } from '../../src/state/paths.ts';
import { buildOf } from '../build/make.ts';
import { scratchDir } from '../build/scratch.ts';
import { stampOf } from '../owner/make.ts';
import { THEN } from './scene.ts';

const { pid, start, namespace } = readProcess(process.pid) ?? { pid: 0, start: '' };
const here = namespace === undefined ? {} : { namespace };
const machine = machineId();
const gone = stampOf({ pane: null, machine, agent: { pid: 999_999_999, start, ...here } });
const alive = stampOf({ pane: null, machine, agent: { pid, start, ...here } });

it.each<[string, Partial<Build> | null, string]>([
  ['still is as it was seen', { owner: gone }, 'ended'],
  ['has an owner that lives by now', { owner: alive }, 'work-left'],
  ['was changed since', { owner: gone, updatedAt: '2026-01-01T00:00:01.000Z' }, 'changed'],
  ['was released', { owner: null }, 'changed'],
  ['ended by itself', { owner: gone, phase: 'complete' }, 'changed'],
  ['is not there any more', null, 'missing'],
])(
  'ends a build that %s only as it was seen and without a living owner',
  (_name, build, expected) => {
    const paths = statePaths(scratchDir());
    if (build !== null) createBuild(paths, buildOf({ id: 'b', updatedAt: THEN, ...build }));
    const action = { do: 'end-build', build: 'b', phase: 'executing', socket: null } as const;
    const result = endBuild(paths, { ...action, updatedAt: THEN, lastActivityAt: THEN });
    expect(result).toBe(expected);
    const found = readBuild(paths, 'b');
    const phase = found.kind === 'value' ? found.value.phase : null;
    const before = build === null ? null : (build.phase ?? 'executing');
    expect(phase).toBe(expected === 'ended' ? 'failed' : before);
  },
);
