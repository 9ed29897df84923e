import type { Match } from '../../src/owner/match.ts';
import type { Agent, RunOptions } from './agent.ts';
import { registered } from './installed-tree.ts';
import type { Scratch } from './scratch.ts';
import { type GateRecord, gateRecords } from './state-files.ts';

/** What one stop of an agent came to. `record` is null when the launcher answered without Node. */
export interface Judged {
  output: { decision: 'approve' | 'block'; reason?: string; systemMessage?: string };
  match: Match;
  record: GateRecord | null;
  ms: number;
}

/**
 * Asks the CLI which row of the ladder an agent stands on, then lets it stop. Fails unless the hook ends with exit 0
 * and exactly one JSON object.
 */
export async function judge(
  place: Scratch,
  agent: Agent,
  options: RunOptions = {},
  command = registered(),
): Promise<Judged> {
  const match = await explain(agent, options);
  const before = gateRecords(place).length;
  const ran = await agent.stop(command, options);
  if (ran.code !== 0 || ran.stderr !== '') throw new Error(`exit ${ran.code}: ${ran.stderr}`);
  const record = gateRecords(place)[before] ?? null;
  return { output: JSON.parse(ran.stdout), match, record, ms: ran.ms };
}

/** What the ladder says of the one open build to this agent; nothing is written. */
async function explain(agent: Agent, { cwd, env }: RunOptions): Promise<Match> {
  const where = { ...(cwd ? { cwd } : {}), ...(env ? { env } : {}) };
  const { stdout } = await agent.run('stopgate status --why --json', { input: '', ...where });
  const [first] = JSON.parse(stdout).open as { match: Match }[];
  if (!first) throw new Error(`expected an open build in ${stdout}`);
  return first.match;
}
