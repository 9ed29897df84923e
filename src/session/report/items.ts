import type { TmuxIdentity } from '../../tmux/guard.ts';
import type { TmuxServer, TmuxSession } from '../../tmux/lists.ts';
import type { ServerAnswer } from '../../tmux/snapshot.ts';
import type { Launch } from '../launch.ts';
import type { SessionRecord } from '../schema.ts';
import { type BuildItem, buildItems } from './build-item.ts';
import { launchFacts, recordFacts } from './entry-facts.ts';
import { identityOf, isOurs } from './identity.ts';
import {
  type EntryFacts,
  type Judgement,
  type JudgeOptions,
  judgeEntry,
  judgeTmux,
  type TmuxFacts,
} from './judge.ts';
import { type Tied, tie, troubleText } from './tie.ts';
import { tmuxFacts } from './tmux-facts.ts';
import type { World } from './world.ts';

type Answered = Extract<ServerAnswer, { kind: 'facts' }>;
type Unanswered = Extract<ServerAnswer, { kind: 'unknown' }>;

export interface TmuxItem {
  kind: 'tmux';
  socket: string;
  server: TmuxServer;
  session: TmuxSession;
  /** `null` for a session without our mark: no action can name it. */
  identity: TmuxIdentity | null;
  tied: Tied;
  facts: TmuxFacts;
  judgement: Judgement;
}

interface Entry {
  facts: EntryFacts;
  judgement: Judgement;
}

/** One thing that a report is about, with its class. */
export type Item =
  | TmuxItem
  | ({ kind: 'record'; record: SessionRecord } & Entry)
  | ({ kind: 'launch'; launch: Launch } & Entry)
  | BuildItem
  | { kind: 'server'; answer: Unanswered; judgement: Judgement }
  | { kind: 'file'; path: string; judgement: Judgement };

/**
 * Every tmux session, every entry of the registry that speaks for none, every build that was left behind, and what could
 * not be looked at. Pure.
 */
export function itemsOf(world: World, options: JudgeOptions): Item[] {
  const ties = tie(world);
  const spokenFor = new Set<object | null>(
    [...ties.values()].flatMap(({ records, launch }) => [...records, launch]),
  );
  const ofServer = (answer: ServerAnswer): Item[] => {
    if (answer.kind === 'none') return [];
    if (answer.kind === 'unknown') return [serverItem(answer)];
    return answer.server.sessions.map((session) =>
      tmuxItem(answer, session, ties.get(session) ?? { records: [], launch: null }, world, options),
    );
  };
  return [
    ...world.servers.flatMap(ofServer),
    ...world.records
      .filter((record) => !spokenFor.has(record))
      .map((record) => ({ kind: 'record' as const, record, ...entry(recordFacts(record, world)) })),
    ...world.launches
      .filter((launch) => !spokenFor.has(launch))
      .map((launch) => ({ kind: 'launch' as const, launch, ...entry(launchFacts(launch, world)) })),
    ...buildItems(world, options),
    ...world.unreadable.map(({ path, why }) => ({
      kind: 'file' as const,
      path,
      judgement: indeterminate('liveness-uncertain', why),
    })),
  ];

  function entry(facts: EntryFacts): Entry {
    return { facts, judgement: judgeEntry(facts, options) };
  }
}

function tmuxItem(
  answer: Answered,
  session: TmuxSession,
  tied: Tied,
  world: World,
  options: JudgeOptions,
): TmuxItem {
  const { socket, server } = answer;
  const facts = tmuxFacts(answer, session, tied, world);
  const identity = isOurs(session) ? identityOf(socket, server, session) : null;
  const judgement = judgeTmux(facts, options);
  return { kind: 'tmux', socket, server, session, identity, tied, facts, judgement };
}

function serverItem(answer: Unanswered): Item {
  const judgement = indeterminate(answer.reason, troubleText(answer));
  return { kind: 'server', answer, judgement };
}

function indeterminate(keptBy: NonNullable<Judgement['keptBy']>, why: string): Judgement {
  return { class: 'indeterminate', keptBy, why: [why] };
}
