import { allBuilds } from '../../../src/build/find.ts';
import type { Build } from '../../../src/build/schema.ts';
import { newBuild, type StartOptions } from '../../../src/build/start.ts';
import { createBuild } from '../../../src/build/store.ts';
import { refuseRival } from '../../../src/commands/build/owner-flags.ts';
import { judgeStop, settleStop } from '../../../src/gate/stop.ts';
import { parseEvent } from '../../../src/hosts/event.ts';
import { lookAtCaller } from '../../../src/owner/caller.ts';
import type { Identity } from '../../../src/owner/identity.ts';
import { sessionEvent } from '../../../src/session/hook.ts';
import { lineages } from '../../../src/session/lineage.ts';
import { recordedOwner } from '../../../src/session/owner-end.ts';
import { readSession } from '../../../src/session/store.ts';
import type { StatePaths } from '../../../src/state/paths.ts';
import { type Agent, hookEnv, type Session, type Told, toolEnv } from './agents.ts';
import type { Site } from './machine.ts';
import { runAt } from './system.ts';

/** Which build a stop was judged to be its owner's, if any. */
export interface Judged {
  build: string | null;
  row: unknown;
}

/** Runs the real hooks and the real `build start` inside the simulated system. */
export class Hooks {
  constructor(private readonly paths: StatePaths) {}

  builds(): Build[] {
    return allBuilds(this.paths);
  }

  told(agent: Agent, session: Session, event: Told): void {
    const { name, ...more } = event;
    this.asHook(agent, session, () =>
      sessionEvent(this.payload(agent, session, name, more), this.paths),
    );
  }

  /** A stop, judged and written down as the gate does it. */
  stop(agent: Agent): Judged {
    return this.asHook(agent, agent.current, () => {
      const judgement = this.judgement(agent);
      const { owned } = judgement;
      if (owned !== null) settleStop({ ...judgement, owned }, this.paths, () => null);
      return judged(owned);
    });
  }

  /** What the gate would say of a stop, without writing anything. */
  judge(agent: Agent): Judged {
    return this.asHook(agent, agent.current, () => judged(this.judgement(agent).owned));
  }

  /** `stopgate build start` by an agent's shell tool; `null` when it is refused. */
  startBuild(agent: Agent, flags: Pick<StartOptions, 'ownerSession' | 'ownerTmux'>): Build | null {
    const tool = agent.site.spawn('bash', agent.proc);
    const built = runAt({ site: agent.site, below: tool }, toolEnv(agent), () =>
      this.create(lookAtCaller(process.env, agent.cwd).me, flags),
    );
    agent.site.kill(tool);
    return built;
  }

  /** The same by a person, in a shell where no agent runs. */
  startBuildFor(
    site: Site,
    cwd: string,
    flags: Pick<StartOptions, 'ownerSession' | 'ownerTmux'>,
  ): Build | null {
    const shell = site.spawn('bash', null);
    return runAt({ site, below: shell }, {}, () => this.create(lookAtCaller({}, cwd).me, flags));
  }

  private create(me: Identity, flags: object): Build | null {
    const { paths } = this;
    const record = me.sessionId === null ? null : readSession(paths, me.sessionId);
    const options = { task: 'work', size: 'large' as const, checks: [], limit: 10_000, ...flags };
    const build = newBuild(options, me, recordedOwner(paths), new Date().toISOString());
    try {
      refuseRival(paths, build.owner, me, lineages(paths, record, { at: 'later' }));
    } catch {
      return null;
    }
    createBuild(paths, build);
    return build;
  }

  private judgement(agent: Agent) {
    const event = this.payload(agent, agent.current, 'Stop', {});
    return judgeStop(
      event,
      this.paths,
      readSession(this.paths, agent.current.id),
      process.env,
      false,
    );
  }

  private payload({ host, cwd }: Agent, { id }: Session, name: string, more: object) {
    const prompt = name === 'UserPromptSubmit' ? { prompt: 'go on' } : {};
    return parseEvent(host, { session_id: id, hook_event_name: name, cwd, ...prompt, ...more });
  }

  private asHook<T>(agent: Agent, session: Session, work: () => T): T {
    return runAt({ site: agent.site, below: agent.proc }, hookEnv(agent, session), work);
  }
}

function judged(owned: { build: Build; match: { row: unknown } } | null): Judged {
  return { build: owned?.build.id ?? null, row: owned?.match.row ?? null };
}
