import { hourMessage } from '../build/reason.ts';
import type { HookEvent } from '../hosts/host.ts';
import { checkoutOf } from '../owner/checkout.ts';
import { readSession } from '../session/store.ts';
import { readSettings } from '../settings/read.ts';
import { type AuthorityConfig, PER_HOUR, type Settings } from '../settings/schema.ts';
import type { StatePaths } from '../state/paths.ts';
import type { ApproveCause, Verdict } from '../verdict.ts';
import { claimBlock } from './hourly.ts';
import { type Mode, modesIn, readGate } from './mode.ts';
import { stopRecord } from './record.ts';
import { type Judgement, judgeStop } from './stop.ts';
import { type Stopwatch, stopwatch } from './stopwatch.ts';

/** A verdict as it is spoken, and everything that its log line says. */
export interface Routed {
  verdict: Verdict;
  record: object;
}

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
}

/** A compaction that takes longer than this has been lost sight of. */
const COMPACTING_MS = 10 * 60_000;

/**
 * Runs one stop through the gates, in this order: off, compaction in flight, build, checks, authority. Whatever blocks
 * passes {@link bounded}; what a gate in shadow would have done is only written down. `ask` is the authority, `null`
 * for the build gate alone.
 */
export async function route(
  event: HookEvent,
  paths: StatePaths,
  ask: AskAuthority | null,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Routed> {
  const project = checkoutOf(event.cwd);
  const modes = modesIn(readGate(paths), project);
  const { settings, problems } = readSettings(project, env);
  const pass: Pass = { event, paths, env, project, settings, modes, watch: stopwatch() };
  const { verdict, record } = await throughGates(pass, ask);
  const common = {
    id: Math.random().toString(36).slice(2, 10),
    mode: modes,
    steps: pass.watch.steps,
    ...(problems.length > 0 ? { problems } : {}),
    ...(settings.logPreviews ? { preview: event.lastMessage?.slice(0, 200) ?? null } : {}),
  };
  return {
    verdict,
    record: { verdict: verdict.decision, cause: verdict.cause, ...record, ...common },
  };
}

async function throughGates(pass: Pass, ask: AskAuthority | null): Promise<Routed> {
  const { event, paths, modes } = pass;
  if (modes.build === 'off' && modes.authority === 'off') return approve('disabled');
  if (isCompacting(event, paths)) return approve('waiting', { compacting: true });
  const judgement = modes.build === 'off' ? null : judgeBuild(pass);
  if (judgement !== null && judgement.decision.verdict.decision === 'block')
    return holdOwner(pass, judgement);
  const routed = judgement === null ? approve('disabled') : spoken(judgement);
  if (ask === null || judgement?.covered) return routed;
  return judgeByAuthority(pass, routed, ask);
}

function judgeBuild({ event, paths, env, modes, watch }: Pass): Judgement {
  return watch.time('build', () => judgeStop(event, paths, env, modes.build === 'enforce'));
}

/** The owner of an unfinished build stops: its checks may have more to say than the build itself. */
async function holdOwner(pass: Pass, judgement: Judgement): Promise<Routed> {
  const { paths, settings, watch, modes } = pass;
  const checked = settings.checksOnStop
    ? await watch.timeAsync('checks', () =>
        lookAtChecks(judgement, paths, modes.build === 'enforce'),
      )
    : judgement;
  return bounded(pass, modes.build, spoken(checked));
}

async function judgeByAuthority(pass: Pass, routed: Routed, ask: AskAuthority): Promise<Routed> {
  const { modes, watch, event } = pass;
  const { authority } = pass.settings;
  if (!authority || modes.authority === 'off' || event.stopHookActive) return routed;
  const asked = await watch.timeAsync('authority', () => ask(pass, authority));
  const record = { ...routed.record, ...asked.record };
  return bounded(pass, modes.authority, { verdict: asked.verdict ?? routed.verdict, record });
}

/** Speaks a block only in a gate that enforces, and only while the session's hour has one left. */
function bounded({ event, paths, settings }: Pass, mode: Mode, routed: Routed): Routed {
  const { verdict, record } = routed;
  if (verdict.decision === 'approve') return routed;
  const would = { would: { verdict: 'block', cause: verdict.cause } };
  if (mode !== 'enforce') return approve('disabled', { ...record, ...would });
  const perHour = settings.budget?.perHour ?? PER_HOUR;
  const claim = claimBlock(paths, event.sessionId, perHour, Date.now());
  if (claim.granted) return routed;
  const told = claim.tell ? { systemMessage: hourMessage(perHour) } : {};
  return {
    verdict: { decision: 'approve', cause: 'capped', ...told },
    record: { ...record, ...would, bound: 'hour' },
  };
}

/** Loaded only where a project asks for it: it starts processes. */
async function lookAtChecks(
  judgement: Judgement,
  paths: StatePaths,
  write: boolean,
): Promise<Judgement> {
  const { withChecks } = await import('./checks.ts');
  return withChecks(judgement, paths, write);
}

function spoken(judgement: Judgement): Routed {
  return { verdict: judgement.decision.verdict, record: stopRecord(judgement) };
}

function approve(cause: ApproveCause, record: object = {}): Routed {
  return { verdict: { decision: 'approve', cause }, record };
}

function isCompacting(event: HookEvent, paths: StatePaths): boolean {
  const since = readSession(paths, event.sessionId)?.compactingSince;
  return since != null && Date.now() - Date.parse(since) < COMPACTING_MS;
}
