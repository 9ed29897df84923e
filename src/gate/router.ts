import type { HookEvent } from '../hosts/host.ts';
import { checkoutOf } from '../owner/checkout.ts';
import type { SessionRecord } from '../session/schema.ts';
import { readSession } from '../session/store.ts';
import { readSettings } from '../settings/read.ts';
import type { AuthorityConfig, Settings } from '../settings/schema.ts';
import type { StatePaths } from '../state/paths.ts';
import type { ApproveCause, Verdict } from '../verdict.ts';
import { bounded, type Routed } from './bounds.ts';
import { type Mode, modesIn, readGate } from './mode.ts';
import { stopRecord } from './record.ts';
import { type Judgement, judgeStop, settleStop } from './stop.ts';
import { type Stopwatch, stopwatch } from './stopwatch.ts';
import { isAwaited, isCompacting } from './waiting.ts';

/** What the authority's answer comes to; `verdict` is `null` where it holds nobody. */
export interface Asked {
  verdict: Verdict | null;
  record: object;
}

/** Asks the authority that a person set about a stop that no build covers. */
export type AskAuthority = (
  stop: { event: HookEvent; paths: StatePaths; project: string },
  config: AuthorityConfig,
) => Promise<Asked>;

/** One stop on its way through the gates. */
interface Pass {
  event: HookEvent;
  paths: StatePaths;
  env: Readonly<Record<string, string | undefined>>;
  project: string;
  settings: Settings;
  modes: { build: Mode; authority: Mode };
  watch: Stopwatch;
  /** False where another call speaks for the build gate: nothing is charged and nothing written. */
  settles: boolean;
}

/**
 * Runs one stop through the gates, in this order: off, compaction in flight, build, checks, authority. Whatever blocks
 * passes {@link bounded}; what a gate in shadow would have done is only written down. `ask` is the authority, `null`
 * for the build gate alone. Without `settles` a build is judged and nothing about it is charged or written.
 */
export async function route(
  event: HookEvent,
  paths: StatePaths,
  ask: AskAuthority | null,
  env: Readonly<Record<string, string | undefined>> = process.env,
  settles = true,
): Promise<Routed> {
  const project = checkoutOf(event.cwd);
  const modes = modesIn(readGate(paths), project);
  const { settings, problems } = readSettings(project, env);
  const pass: Pass = { event, paths, env, project, settings, modes, watch: stopwatch(), settles };
  const { verdict, record, gate } = await throughGates(pass, ask);
  const common = {
    mode: modes,
    steps: pass.watch.steps,
    ...(problems.length > 0 ? { problems } : {}),
    ...(settings.logPreviews ? { preview: event.lastMessage?.slice(0, 200) ?? null } : {}),
  };
  return {
    verdict,
    gate,
    record: { verdict: verdict.decision, cause: verdict.cause, ...record, ...common },
  };
}

async function throughGates(pass: Pass, ask: AskAuthority | null): Promise<Routed> {
  const { event, paths, modes } = pass;
  if (modes.build === 'off' && modes.authority === 'off') return approve('disabled');
  const record = readSession(paths, event.sessionId);
  if (isCompacting(record, event, Date.now())) return approve('waiting', { compacting: true });
  const judgement = modes.build === 'off' ? null : judgeBuild(pass, record);
  if (judgement !== null && isOwners(judgement)) return answerOwner(pass, judgement);
  const routed = judgement === null ? approve('disabled') : spoken(judgement);
  if (ask === null || judgement?.covered) return routed;
  return judgeByAuthority(pass, routed, ask);
}

function judgeBuild(pass: Pass, record: SessionRecord | null): Judgement {
  const { event, paths, env, settings, watch } = pass;
  const waiting = isAwaited(event, settings.ignoreBackground);
  return watch.time('build', () => judgeStop(event, paths, record, env, waiting));
}

type Owners = Judgement & { owned: NonNullable<Judgement['owned']> };

function isOwners(judgement: Judgement): judgement is Owners {
  return judgement.owned !== null;
}

/** The owner of a build stops: where it would be held, its checks may have more to say than the build itself. */
async function answerOwner(pass: Pass, judgement: Owners): Promise<Routed> {
  const { paths, settings, watch, modes } = pass;
  if (!pass.settles) return spoken(judgement);
  const { owned, decision } = judgement;
  const held = decision.verdict.decision === 'block' && modes.build === 'enforce';
  const asked = held && settings.checksOnStop && owned.build.checks.length > 0;
  const looked = asked ? await watch.timeAsync('checks', () => lookAtChecks(pass, owned)) : null;
  const failed = looked && 'failed' in looked ? looked.failed : undefined;
  const noted = looked && 'notRun' in looked ? { checksNotRun: looked.notRun } : {};
  const said = (routed: Routed): Routed => ({
    ...routed,
    record: { ...routed.record, ...noted },
  });
  return bounded(pass, modes.build, said(spoken(judgement)), (refuse) =>
    watch.time('settle', () => said(spoken(settleStop(judgement, paths, refuse, failed)))),
  );
}

async function judgeByAuthority(pass: Pass, routed: Routed, ask: AskAuthority): Promise<Routed> {
  const { modes, watch, event, settings } = pass;
  const { authority } = settings;
  if (!authority || modes.authority === 'off' || event.stopHookActive) return routed;
  if (isAwaited(event, settings.ignoreBackground)) return approve('waiting', routed.record);
  const asked = await watch.timeAsync('authority', () => ask(pass, authority));
  const answer: Routed = {
    gate: 'authority',
    verdict: asked.verdict ?? routed.verdict,
    record: { ...routed.record, ...asked.record },
  };
  return bounded(pass, modes.authority, answer, (refuse) => {
    const refused = answer.verdict.decision === 'block' ? refuse() : null;
    return refused === null ? answer : { ...answer, verdict: refused };
  });
}

/** Loaded only where a person asks for it: it starts processes. */
async function lookAtChecks({ event, env }: Pass, { build }: Owners['owned']) {
  const { checksAtStop } = await import('./checks.ts');
  return checksAtStop(build, event, env);
}

function spoken(judgement: Judgement): Routed {
  return { verdict: judgement.decision.verdict, gate: 'build', record: stopRecord(judgement) };
}

function approve(cause: ApproveCause, record: object = {}): Routed {
  return { verdict: { decision: 'approve', cause }, gate: 'build', record };
}
