import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Agent, agentCommand, connected } from './agent.ts';
import type { Scratch } from './scratch.ts';

/** Comes before a program that shall run in a PID namespace of its own: here, what a container is. */
const UNSHARE = [
  ...['unshare', ...(process.getuid?.() === 0 ? [] : ['--map-root-user'])],
  ...['--pid', '--mount', '--fork', '--mount-proc', '--kill-child'],
];

/** Why there can be no container here; `null` where there can. */
export const noContainers = whyNoContainers();
if (noContainers !== null) console.warn(`tests with containers are skipped: ${noContainers}`);

function whyNoContainers(): string | null {
  const [program = '', ...args] = UNSHARE;
  const tried = spawnSync(program, [...args, 'true'], { encoding: 'utf8' });
  if (tried.error) return tried.error.message;
  return tried.status === 0 ? null : tried.stderr.trim();
}

/** Starts a program in a container of its own, which is gone after the test. A shell is the container's first process. */
export function inContainer(
  [program = '', ...args]: readonly string[],
  options: { env?: Record<string, string>; cwd?: string } = {},
): ChildProcess {
  const [unshare = '', ...words] = [...UNSHARE, 'sh', '-c', '"$@"; exit $?', 'sh'];
  const child = spawn(unshare, [...words, program, ...args], { stdio: 'ignore', ...options });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** An agent in a container of its own, and what ends both. */
export interface Contained extends Agent {
  kill(): Promise<void>;
}

let containers = 0;

/** Starts a Claude session in a container of its own and waits until it serves. */
export async function containedAgent(
  place: Scratch,
  sessionId: string,
  cwd = place.project,
): Promise<Contained> {
  const socket = join(place.root, `c${containers++}`);
  const child = inContainer(agentCommand(socket, 'claude', sessionId), { env: place.env, cwd });
  const agent = await connected(place, socket);
  const kill = () =>
    new Promise<void>((done) => {
      child.on('exit', () => done());
      child.kill('SIGKILL');
    });
  return { ...agent, kill };
}
