import { availableParallelism } from 'node:os';
import type { Attack, Defect, Run } from './chaos/attack.ts';
import { ATTACKS } from './chaos/attacks.ts';
import { type Options, readOptions, USAGE } from './chaos/options.ts';
import { type Installed, installPackage } from './chaos/package.ts';
import { progress } from './chaos/progress.ts';
import { randomOf } from './chaos/random.ts';
import { type Outcome, type Report, show } from './chaos/report.ts';
import { makeWorld } from './chaos/world.ts';
import { writeDocs } from './chaos/write-docs.ts';

/**
 * Attacks the packed and installed package in homes of its own and looks for a session that is held, state that is
 * lost, a process that stays. Prints counts and defects; exit 1 on any defect. `npm run chaos -- --help`
 */

const options = optionsOrLeave();
const installed = installPackage();
process.once('SIGINT', () => leave(130));
process.once('SIGTERM', () => leave(143));
try {
  const report = await attackAll(options);
  if (options.json) console.log(JSON.stringify(report, null, 2));
  else show(report);
  if (options.writeDocs) writeDocs(report);
  process.exitCode = report.attacks.some(({ defects }) => defects.length > 0) ? 1 : 0;
} finally {
  installed.remove();
}
// Players that were not waited for end with this process.
process.exit();

async function attackAll({ only, short, minutes, seed }: Options): Promise<Report> {
  const started = performance.now();
  const named = ATTACKS.filter(({ name }) => only.length === 0 || only.includes(name));
  const chosen = named.filter((one) => !short || one.short || only.length > 0);
  const attacks: Outcome[] = [];
  for (const [at, attack] of chosen.entries()) {
    const rest = chosen.slice(at).reduce((sum, { weight }) => sum + weight, 0);
    const left = minutes * 60_000 - (performance.now() - started);
    attacks.push(await attackOnce(attack, (left * attack.weight) / rest));
  }
  return {
    schema: 1,
    version: installed.version,
    seed,
    short,
    node: process.versions.node,
    platform: process.platform,
    at: new Date().toISOString(),
    seconds: Math.round((performance.now() - started) / 1000),
    attacks,
  };
}

async function attackOnce(attack: Attack, ms: number): Promise<Outcome> {
  const { name, title } = attack;
  const started = performance.now();
  const counts: Record<string, number> = { tried: 0 };
  const defects = new Map<string, Defect>();
  const skipped = attack.missing?.() ?? null;
  const line = progress(name, options.json);
  const run: Run = {
    installed,
    seed: options.seed,
    short: options.short,
    only: options.case,
    lanes: availableParallelism(),
    random: (...words) => randomOf(options.seed, name, ...words),
    isOver: () => !options.short && performance.now() - started > ms,
    world: (how) => makeWorld(installed, how),
    count: (what, times = 1) => {
      counts[what] = (counts[what] ?? 0) + times;
      line.show(counts.tried ?? 0, defects.size);
    },
    defect: (what, caseName, detail) => {
      const known = defects.get(what);
      if (known) known.times++;
      else defects.set(what, { attack: name, what, case: caseName, detail, times: 1 });
    },
  };
  if (skipped === null) await attack.run(run).catch((error) => brokeOff(run, error));
  line.end();
  const seconds = (performance.now() - started) / 1000;
  return { name, title, skipped, counts, seconds, defects: [...defects.values()] };
}

function brokeOff(run: Run, error: Error): void {
  run.defect('the attack broke off', '', String(error.stack ?? error));
}

function optionsOrLeave(): Options {
  try {
    const args = process.argv.slice(2);
    if (args.includes('--help')) throw new Error('');
    return readOptions(args);
  } catch (error) {
    const { message } = error as Error;
    console.error(message === '' ? USAGE : `${message}\n\n${USAGE}`);
    process.exit(message === '' ? 0 : 2);
  }
}

function leave(code: number): never {
  (installed as Installed).remove();
  process.exit(code);
}
