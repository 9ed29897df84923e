import { execFileSync } from 'node:child_process';
import { dirname } from 'node:path';
import { machineId } from '../src/owner/machine.ts';
import { readProcess } from '../src/owner/process.ts';
import { createLaunch } from '../src/session/launch-store.ts';
import type { SessionRecord } from '../src/session/schema.ts';
import { updateSession } from '../src/session/store.ts';
import { startSession } from '../src/tmux/start.ts';
import { makeScratch, type Scratch } from '../test/support/scratch.ts';
import { tmuxServer } from '../test/support/tmux-server.ts';

/**
 * Times `stopgate session report` over many tmux sessions of ours, each with a launch and a record, on one private
 * server. `npm run bench:report -- <sessions> <rounds>`
 */

const sessions = Number(process.argv[2] ?? 200);
const rounds = Number(process.argv[3] ?? 5);
const AIM_MS = 2_000;

const place = makeScratch();
const server = tmuxServer(place, 'default');
try {
  await server.session('person');
  const socket = await server.ask('display-message', '-p', '#{socket_path}');
  for (let n = 0; n < sessions; n++) await fill(place, socket, `job-${n}`);
  const times = Array.from({ length: rounds }, time).sort((a, b) => a - b);
  const median = times[Math.floor(times.length / 2)] ?? Number.NaN;
  const report = JSON.parse(run());
  console.log(`${report.items.length} items, Node ${process.versions.node}, ${process.platform}`);
  console.log(`session report: median ${median.toFixed(0)} ms of ${rounds} rounds`);
  console.log(`aim ≤ ${AIM_MS} ms${median <= AIM_MS ? '' : ', missed'}`);
} finally {
  await server.stop();
  place.remove();
}

async function fill({ paths, project }: Scratch, socket: string, name: string): Promise<void> {
  const started = await startSession({
    socket,
    name,
    cwd: project,
    command: ['sleep', '600'],
    env: {},
  });
  const at = new Date().toISOString();
  const { mark, pane, panePid } = started;
  const agent = { pid: panePid, start: readProcess(panePid)?.start ?? '' };
  const common = { schema: 1 as const, pane, cwd: project, machine: machineId(), startedAt: at };
  createLaunch(paths, { ...common, mark, process: agent, command: ['sleep', '600'], role: null });
  const record: SessionRecord = {
    ...{ ...common, host: 'claude', sessionId: name, agent, transcript: null, status: 'live' },
    ...{
      source: 'startup',
      lastActivityAt: at,
      lastEvent: 'UserPromptSubmit',
      compactingSince: null,
    },
    ...{ endedAt: null, endReason: null },
  };
  updateSession(paths, name, 1_000, () => record);
}

function time(): number {
  const started = performance.now();
  run();
  return performance.now() - started;
}

function run(): string {
  return execFileSync('stopgate', ['session', 'report', '--json'], {
    cwd: dirname(place.home),
    env: place.env,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
}
