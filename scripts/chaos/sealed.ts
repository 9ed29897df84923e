import { spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { HostId } from '../../src/owner/identity.ts';
import type { Agent, Called } from './agent.ts';
import type { Run } from './attack.ts';
import { lineOf, recordedPayloads, sentBy } from './payloads.ts';
import type { World } from './world.ts';

/** The owner of an open build, in a mount namespace of its own: what is mounted there nobody else sees. */
export interface Sealed {
  readonly world: World;
  readonly agent: Agent;
  readonly host: HostId;
  readonly build: string;
  /** A copy of the state as it was before anything was mounted. */
  readonly saved: string;
  /** The state directory as the agent sees it. */
  readonly inside: string;
  /** Fires an event as the owner, or as another session of the same process. */
  fire(event: string, entry: string, session?: string, more?: object): Promise<Called>;
  /** Runs a line of shell in there and fails unless it ends with 0. */
  shell(line: string): Promise<string>;
}

/** A mount of one's own needs no root where user namespaces are allowed. */
export function cannotMount(): string | null {
  const tried = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', '/mnt']);
  return tried.status === 0 ? null : 'nothing may be mounted here, not even in a namespace';
}

/** Starts a build, then goes on as the same session behind `mounts`, a script that finds $STATE, $HOME and $SAVED. */
export async function sealed(run: Run, host: HostId, mounts: string): Promise<Sealed> {
  const world = await run.world({ asSelf: true });
  const session = `${host}-owner-0001`;
  const first = await world.agent(host, session);
  const send =
    (agent: Agent) =>
    (event: string, entry: string, id = session, more: object = {}) => {
      const recorded = recordedPayloads().find((it) => it.host === host && it.event === event);
      if (recorded === undefined) throw new Error(`expected a recorded ${event} of ${host}`);
      const input = lineOf({ ...sentBy(recorded, id, world.project), ...more });
      const env = host === 'claude' ? { CLAUDE_CODE_SESSION_ID: id } : {};
      return agent.call({ command: world.hook(host, entry), input, env });
    };
  await send(first)('SessionStart', 'session');
  const started = await first.call({ command: "stopgate build start 'a task' --size large" });
  const build = /build (\S+) started/.exec(started.stdout)?.[1];
  if (build === undefined) throw new Error(`no build was started: ${started.stderr}`);
  await first.end();
  const saved = join(world.root, 'saved');
  cpSync(world.paths.root, saved, { recursive: true });
  const names = `STATE='${world.paths.root}'; SAVED='${saved}'; HOME='${world.home}'`;
  const script = `${names}; ${mounts} && exec "$0" "$@"`;
  const agent = await world.agent(host, session, ['unshare', '-rm', 'sh', '-c', script]);
  const shell = async (line: string) => {
    const ran = await agent.call({ command: `${names}; ${line}` });
    if (ran.code !== 0) throw new Error(`${line}: exit ${ran.code}, ${ran.stderr}`);
    return ran.stdout;
  };
  const inside = `/proc/${agent.outerPid}/root${world.paths.root}`;
  return { world, agent, host, build, saved, inside, fire: send(agent), shell };
}
