import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { buildSchema } from '../../src/build/schema.ts';
import { hookOutput } from '../support/expect-output.ts';
import { scratch } from '../support/fixture.ts';
import { host } from '../support/host.ts';
import { packageRoot, type Scratch } from '../support/scratch.ts';
import { readState, stateFile } from '../support/state-files.ts';

const WRITERS = 50;
const KILLS = 120;
const START = 'stopgate build start "a task" --size large';

function start({ project, env }: Scratch, ...args: string[]): ChildProcess {
  return spawn(process.execPath, args, {
    cwd: project,
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.on('close', resolve);
    child.on('error', reject);
  });
}

/** One build in a file so large that no single write call holds it. */
async function largeBuild(place: Scratch): Promise<string> {
  await host(place, 'first').tool(START);
  const state = readState(place);
  const file = stateFile(place);
  writeFileSync(file, JSON.stringify({ ...state, padding: 'x'.repeat(100_000) }));
  return state.id;
}

async function writer(place: Scratch): Promise<string> {
  const outfile = join(place.root, 'write-forever.cjs');
  const entry = join(packageRoot, 'test/support/write-forever.ts');
  await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'cjs' });
  return outfile;
}

/** Kills a writer at a random moment after its first write; returns how many writes it had seen succeed. */
async function killSomewhere(child: ChildProcess): Promise<number> {
  let writes = 0;
  child.stdout?.on('data', (dots: Buffer) => {
    if (writes === 0) setTimeout(() => child.kill('SIGKILL'), Math.random() * 25);
    writes += dots.length;
  });
  await ended(child);
  expect(child.signalCode).toBe('SIGKILL');
  return writes;
}

it(`loses none of ${WRITERS} steps that are recorded at once`, { timeout: 60_000 }, async () => {
  const place = scratch();
  await host(place, 'first').tool(START);
  const { id } = readState(place);
  const names = Array.from({ length: WRITERS }, (_, n) => `step ${n}`);
  const cli = join(packageRoot, 'dist/cli.js');
  const codes = await Promise.all(
    names.map((name) => ended(start(place, cli, 'build', 'step', name, '--build', id))),
  );
  expect(codes).toEqual(Array(WRITERS).fill(0));
  const { steps } = readState(place);
  expect(steps.map(({ description }) => description).sort()).toEqual([...names].sort());
  expect(readdirSync(place.paths.locks)).toEqual([]);
});

it(`loses nothing that was written, whatever ${KILLS} kills hit`, { timeout: 60_000 }, async () => {
  const place = scratch();
  const id = await largeBuild(place);
  const program = await writer(place);
  let seen = 0;
  for (let kills = 0; kills < KILLS; kills += 3) {
    const three = [1, 2, 3].map(() => start(place, program, place.paths.root, id));
    for (const writes of await Promise.all(three.map(killSomewhere))) seen += writes;
    const { budget } = buildSchema.parse(JSON.parse(readFileSync(place.paths.build(id), 'utf8')));
    expect(budget.spent).toBeGreaterThanOrEqual(seen);
  }
  expect(seen).toBeGreaterThanOrEqual(KILLS);
  expect(readdirSync(place.paths.builds).filter((name) => name.includes('corrupt'))).toEqual([]);
  const file = place.paths.build(id);
  const state = readState(place);
  writeFileSync(file, JSON.stringify({ ...state, budget: { ...state.budget, spent: 0 } }));
  expect(hookOutput(await host(place, 'first').stop()).decision).toBe('block');
});
