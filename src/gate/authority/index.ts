import { messageOf } from '../../errors.ts';
import type { HookEvent } from '../../hosts/host.ts';
import type { AuthorityConfig } from '../../settings/schema.ts';
import { type Parsed, parseAnswer } from './answer.ts';
import { collectEvidence } from './collect.ts';
import { askCommand, type Reply } from './command.ts';
import type { Evidence } from './evidence.ts';
import { gitIn } from './git.ts';
import { questionText } from './question.ts';
import { reminderFor } from './reminder.ts';
import type { Answer } from './rule-set.ts';
import { judgeByRules, judgeBySignals } from './rules.ts';
import { signalsIn } from './signals.ts';
import { whatIsWrong } from './validate.ts';

/** All of it, evidence and the second look included (docs/gate.md), and what is kept out of it for each part. */
const ALL_MS = 2_500;
const EVIDENCE_MS = 1_200;
const SECOND_LOOK_MS = 300;

/** One stop, as an authority is asked about it. */
export interface Stop {
  event: HookEvent;
  sessionStart: string | null;
  /** The working tree of the session. */
  checkout: string;
  now: number;
}

export type Outcome = { ms: number } & (
  | ({ kind: 'answer'; reminder: string; because: string | null } & Answer)
  /** It answered what it may not. */
  | { kind: 'invalid'; why: string }
  /** It did not answer, or the evidence could not be collected in time. */
  | { kind: 'failed'; why: string }
);

/** Has one stop judged by the authority that a person set, within 2.5 s. Never throws: what fails is an outcome. */
export async function judgeByAuthority(config: AuthorityConfig, stop: Stop): Promise<Outcome> {
  const started = Date.now();
  const outcome = await judge(config, stop, started + ALL_MS, started).catch(
    (error: unknown): Judged => ({ kind: 'failed', why: messageOf(error) }),
  );
  return { ...outcome, ms: Date.now() - started };
}

type Judged = Outcome extends infer O ? (O extends unknown ? Omit<O, 'ms'> : never) : never;

async function judge(
  config: AuthorityConfig,
  stop: Stop,
  end: number,
  started: number,
): Promise<Judged> {
  const { event, sessionStart, checkout } = stop;
  const message = event.lastMessage ?? '';
  const settled = config.kind === 'rules' ? judgeBySignals(signalsIn(message)) : null;
  if (settled !== null) return { kind: 'answer', reminder: '', ...settled };
  const scope = { checkout, sessionStart, message };
  const evidence = await collectEvidence(scope, started + EVIDENCE_MS);
  const asked = await ask(config, stop, evidence, end - SECOND_LOOK_MS);
  if (asked.kind !== 'answer') return asked;
  const { answer } = asked;
  const wrong = await whatIsWrong(answer, evidence, () => gitIn(checkout, end));
  if (wrong !== null) return { kind: 'invalid', why: wrong };
  const reminder = answer.decision === 'continue' ? reminderFor(answer, evidence) : '';
  return { kind: 'answer', ...answer, reminder, because: asked.because };
}

type Asked =
  | { kind: 'answer'; answer: Answer; because: string | null }
  | { kind: 'invalid' | 'failed'; why: string };

async function ask(
  config: AuthorityConfig,
  { event, checkout, now }: Stop,
  evidence: Evidence,
  deadline: number,
): Promise<Asked> {
  switch (config.kind) {
    case 'rules': {
      const { because, ...answer } = judgeByRules(evidence, now);
      return { kind: 'answer', answer, because };
    }
    case 'command':
      return read(
        await askCommand(config.command, questionText(event, evidence), checkout, deadline),
      );
    case 'http': {
      const { askHttp } = await import('./http.ts');
      return read(await askHttp(config.url, questionText(event, evidence), deadline));
    }
    default:
      return config satisfies never;
  }
}

function read(reply: Reply): Asked {
  if (reply.kind === 'failed') return reply;
  const parsed: Parsed = parseAnswer(reply.text);
  return parsed.kind === 'answer' ? { ...parsed, because: null } : parsed;
}
