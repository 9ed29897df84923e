import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createBuild, readBuild } from '../../src/build/store.ts';
import { machineId } from '../../src/owner/machine.ts';
import { readProcess } from '../../src/owner/process.ts';
import { readRecords } from '../../src/state/log.ts';
import { buildOf } from '../build/make.ts';
import { stampOf } from '../owner/make.ts';
import { cli } from '../support/cli.ts';
import { scratch } from '../support/fixture.ts';
import type { Scratch } from '../support/scratch.ts';

const THEN = '2026-01-01T00:00:00.000Z';
const WEEK_OLD = ['session', 'prune', '--older-than', '7d'];

/** A process that plays the owner's agent, and what ends it. */
async function agent(): Promise<{ pid: number; start: string; end(): Promise<void> }> {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  await once(child, 'spawn');
  onTestFinished(() => void child.kill('SIGKILL'));
  const { pid = 0, start = '' } = readProcess(child.pid ?? 0) ?? {};
  const end = async () => {
    child.kill('SIGKILL');
    await once(child, 'close');
  };
  return { pid, start, end };
}

/** Builds of an old day: `gone`'s owner has ended, `held`'s lives. */
async function leftBuilds() {
  const place = scratch();
  const [ended, living] = [await agent(), await agent()];
  const build = (id: string, { pid, start }: { pid: number; start: string }) => {
    const { namespace } = readProcess(pid) ?? {};
    const process = { pid, start, ...(namespace === undefined ? {} : { namespace }) };
    const owner = stampOf({ sessionId: id, agent: process, pane: null, machine: machineId() });
    createBuild(place.paths, buildOf({ id, owner, createdAt: THEN, updatedAt: THEN }));
  };
  build('gone', ended);
  build('held', living);
  await ended.end();
  return { place, living };
}

/** Makes the looks of earlier runs so old that the next one is the second. */
function agePast({ paths }: Scratch): void {
  const { seen, ...rest } = JSON.parse(readFileSync(paths.observations, 'utf8'));
  const old = Object.fromEntries(Object.keys(seen).map((key) => [key, THEN]));
  writeFileSync(paths.observations, JSON.stringify({ ...rest, seen: old }));
}

const phaseOf = ({ paths }: Scratch, id: string) => {
  const found = readBuild(paths, id);
  return found.kind === 'value' ? found.value.phase : found.kind;
};

it('status shows a build whose owner is proven gone, and the two commands that help', async () => {
  const { place, living } = await leftBuilds();
  const shown = async () => (await cli(place, ['status'])).stdout;
  const lines = (id: string) => [
    `${id}: abandoned since ${THEN}, its process has ended`,
    `  take it up:  stopgate build claim ${id}`,
    `  or end it:   stopgate build fail --build ${id}`,
  ];
  expect(await shown()).toContain(lines('gone').join('\n'));
  expect(await shown()).not.toContain('held: abandoned');
  const { open } = JSON.parse((await cli(place, ['status', '--json'])).stdout);
  const abandoned = open.map((row: { build: { id: string }; abandoned: object | null }) => [
    row.build.id,
    row.abandoned,
  ]);
  expect(Object.fromEntries(abandoned)).toEqual({
    gone: { since: THEN, why: 'its process has ended' },
    held: null,
  });
  await living.end();
  expect(await shown()).toContain(lines('held').join('\n'));
  expect(await cli(place, ['build', 'fail', '--build', 'gone'])).toMatchObject({ code: 0 });
  expect(await shown()).not.toContain('gone: abandoned');
});

it('session prune ends it at the second forced look, and no build whose owner lives', async () => {
  const { place } = await leftBuilds();
  const prune = (...more: string[]) => cli(place, [...WEEK_OLD, ...more]);
  const before = readdirSync(place.paths.root, { recursive: true });
  for (const flags of [[], ['--force', '--dry-run']]) {
    const { code, stdout } = await prune(...flags);
    expect([code, stdout]).toEqual([
      0,
      `kept(grace)  abandoned  build gone: its owner is gone since ${THEN}; it has to be seen a second time\nsummary: deleted=0 would_delete=0 kept=1 refused=0`,
    ]);
    expect(readdirSync(place.paths.root, { recursive: true })).toEqual(before);
  }
  expect((await prune('--force')).stdout).toContain('kept(grace)  abandoned  build gone');
  agePast(place);
  expect((await prune()).stdout).toContain('would_delete  abandoned  build gone');
  expect((await prune('--force')).stdout).toContain('deleted  abandoned  build gone');

  const ended = readBuild(place.paths, 'gone');
  expect(ended).toMatchObject({ kind: 'value', value: { phase: 'failed', task: 'add a parser' } });
  expect(ended.kind === 'value' && ended.value.history.at(-1)).toMatchObject({
    to: 'failed',
    note: `abandoned: its owner is gone since ${THEN}; ended by session prune`,
  });
  expect(readdirSync(place.paths.armedStop)).toEqual(['held']);
  expect(phaseOf(place, 'held')).toBe('executing');
  expect(readRecords(place.paths.cleanupLog)).toMatchObject([
    { step: 'begin', action: { do: 'end-build', build: 'gone' } },
    { step: 'end', outcome: 'ended' },
  ]);
  expect((await prune('--force')).stdout).toBe(
    'summary: deleted=0 would_delete=0 kept=0 refused=0',
  );
});

it('session prune carries a saved plan out, and refuses it when the build has moved', async () => {
  const { place } = await leftBuilds();
  const plan = join(place.root, 'plan.json');
  const report = ['session', 'report', '--older-than', '7d', '--plan', plan];
  expect(await cli(place, report)).toMatchObject({ code: 0 });
  expect(existsSync(place.paths.observations)).toBe(false);
  await cli(place, ['build', 'step', 'a step', '--build', 'gone']);
  const prune = () => cli(place, ['session', 'prune', '--plan', plan, '--force']);
  expect(await prune()).toMatchObject({ code: 1, stderr: expect.stringContaining('stale') });
  expect(phaseOf(place, 'gone')).toBe('executing');
});

it('a build that is younger than the age is kept', async () => {
  const { place } = await leftBuilds();
  await cli(place, ['build', 'step', 'a step', '--build', 'gone']);
  const ran = await cli(place, [...WEEK_OLD, '--force']);
  expect(ran).toMatchObject({ code: 0 });
  expect(ran.stdout).toContain('kept(newer-than-threshold)  abandoned  build gone');
});
