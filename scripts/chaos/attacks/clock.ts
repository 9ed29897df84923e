import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostId } from '../../../src/owner/identity.ts';
import type { Attack, Run } from '../attack.ts';
import { type Case, tryCases } from '../cases.ts';
import { hear, isBlock } from '../oracle.ts';
import { type Scene, setScene } from '../scene.ts';
import { wrapNode } from '../syscalls.ts';

interface Jump extends Case {
  host: HostId;
  /** Everything that was written is so much older (or, below 0, newer) than the clock says. */
  days: number;
  /** The clock jumps by so much while the hook runs. */
  inRun: number;
  who: 'owner' | 'stranger';
}

const DAYS = [-3650, -366, -1, -0.05, 0, 0.05, 1, 366, 3650];

export const clock: Attack = {
  name: 'clock',
  title: 'the clock set ahead or back, between two calls and in the middle of one',
  weight: 1,
  short: true,
  run: (run) =>
    tryCases(run, {
      cases: jumps(),
      short: 8,
      place: () => setScene(run),
      done: (scene) => scene.end(),
      work: (one, scene) => leap(run, one, scene),
    }),
};

function jumps(): Jump[] {
  const hosts: HostId[] = ['claude', 'codex'];
  return hosts.flatMap((host) =>
    (['owner', 'stranger'] as const).flatMap((who) =>
      DAYS.flatMap((days) =>
        DAYS.map((inRun) => {
          const name = `${host} ${who}: written ${days} days ago, ${inRun} days in the middle`;
          return { name, host, who, days, inRun };
        }),
      ),
    ),
  );
}

const DAY_MS = 24 * 60 * 60_000;

async function leap(run: Run, { name, host, who, days, inRun }: Jump, scene: Scene): Promise<void> {
  const { world } = scene;
  const session = (who === 'owner' ? scene.owners : scene.strangers)[host];
  scene.reset();
  age(scene, days);
  // The host's clock is not set for the test: Node is told another time, from its tenth look on.
  const preload = join(world.root, 'clock.cjs');
  writeFileSync(preload, jumping(inRun * DAY_MS), { mode: 0o644 });
  wrapNode(world, null, `--require '${preload}'`);
  const heard = hear(host, 'stop-gate-router', await scene.stop(session));
  const command = session.build ? `build step x --build ${session.build}` : 'status';
  const ran = await session.agent.call({
    command: `exec '${process.execPath}' --require '${preload}' '${world.cli}' ${command}`,
  });
  wrapNode(world, null);
  for (const what of heard.problems) run.defect(what, name, '');
  if (ran.code !== 0 || ran.timedOut) run.defect('a command is refused', name, ran.stderr);
  const held = isBlock(heard.answer);
  if (held && who !== 'owner') run.defect('it held a session that is not the owner', name, '');
  if (!held && who === 'owner') run.count('approved in the middle of a jump');
  const next = hear(host, 'stop-gate-router', await scene.stop(scene.owners[host], { x: 1 }));
  if (!isBlock(next.answer)) run.defect('the owner is not held once the clock is right', name, '');
}

function jumping(ms: number): string {
  return `let looks = 0; const now = Date.now; const by = () => (++looks > 10 ? ${ms} : 0);
Date.now = () => now() + by();
const Real = Date;
globalThis.Date = class extends Real { constructor(...a) { a.length ? super(...a) : super(Real.now()); } };
globalThis.Date.now = Real.now;
`;
}

/** Makes all that was written so much older, in the files and of the files. */
function age({ world, before }: Scene, days: number): void {
  const shift = days * DAY_MS;
  for (const [path, { kind, bytes }] of before) {
    if (!path.startsWith('home/.local/state/') || kind !== 'file') continue;
    const text = bytes
      .toString()
      .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, (at) =>
        new Date(Date.parse(at) - shift).toISOString(),
      );
    const file = join(world.root, path);
    writeFileSync(file, text);
    const at = new Date(Date.now() - shift);
    utimesSync(file, at, at);
  }
}
