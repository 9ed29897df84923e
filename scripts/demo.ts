import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Table from 'cli-table3';
import { execa } from 'execa';
import { type Agent, startAgent } from '../test/support/agent.ts';
import { type Judged, judge } from '../test/support/judge.ts';
import { makeScratch, type Scratch } from '../test/support/scratch.ts';
import { gateRecords, readState } from '../test/support/state-files.ts';
import { tmuxServer } from '../test/support/tmux-server.ts';

/**
 * Installs stopgate in a scratch home, starts a build as one agent of a private tmux server, and lets that agent and
 * its neighbours stop through the command that was registered. Exit 1 when a verdict is not the expected one.
 */

interface Outcome {
  decision: string;
  cause: string;
  row: number | string | null;
  /** Reminders that the build has cost so far. */
  spent: number;
}

interface Situation {
  who: string;
  expected: Outcome;
  seen: Outcome;
  answeredBy: 'launcher' | 'node';
  ms: number;
}

const place = makeScratch();
const server = tmuxServer(place);
process.once('SIGINT', () => leave(130));
process.once('SIGTERM', () => leave(143));
try {
  const situations = await play();
  show(situations);
  process.exitCode = situations.every(isExpected) ? 0 : 1;
} finally {
  await cleanUp();
}

async function play(): Promise<Situation[]> {
  await execa('stopgate', ['install', '--host', 'claude', '--scope', 'user'], {
    cwd: place.project,
    env: place.env,
    extendEnv: false,
    stdout: 'inherit',
  });
  const command = registeredCommand(place);
  console.log(`\nregistered for Stop: ${command}\n`);

  const pane = await server.session('work');
  const owner = await startAgent(place, server, pane, 'session-1');
  const start = await owner.run('stopgate build start "Write the release notes"');
  console.log(start.stdout + start.stderr);

  const situations: Situation[] = [];
  const stop = async (who: string, agent: Agent, expected: Outcome) =>
    situations.push(situation(who, expected, await judge(place, agent, {}, command)));

  await stop('the owner', owner, held(2, 1));
  const neighbour = await startAgent(place, server, await server.split(pane), 'session-2');
  await stop('a neighbour pane of its tmux session', neighbour, foreign(7));
  const other = await startAgent(place, server, await server.session('other'), 'session-3');
  await stop('an agent of another tmux session', other, foreign(8));
  const child = await owner.child('session-4');
  await stop("a child agent in the owner's pane", child, foreign(4));
  await child.exit();
  await owner.exit();
  const restarted = await startAgent(place, server, pane, 'session-5');
  await stop("restarted in the owner's pane, new session id", restarted, held('3b', 2));
  await restarted.run('stopgate build complete');
  situations.push(await afterwards(restarted, command));
  return situations;
}

/** The build is complete: nothing is armed, so the ladder is not asked. */
async function afterwards(agent: Agent, command: string): Promise<Situation> {
  const before = gateRecords(place).length;
  const { stdout, ms } = await agent.stop(command);
  const record = gateRecords(place)[before];
  return {
    who: 'the same, after `stopgate build complete`',
    expected: { decision: 'approve', cause: 'inactive', row: null, spent: 2 },
    seen: {
      decision: JSON.parse(stdout).decision,
      cause: record?.cause ?? 'inactive',
      row: record?.row ?? null,
      spent: spent(),
    },
    answeredBy: record ? 'node' : 'launcher',
    ms,
  };
}

function situation(who: string, expected: Outcome, judged: Judged): Situation {
  const { output, match, record, ms } = judged;
  const cause = record?.cause ?? match.answer;
  return {
    who,
    expected,
    seen: { decision: output.decision, cause, row: match.row, spent: spent() },
    answeredBy: record ? 'node' : 'launcher',
    ms,
  };
}

function held(row: Outcome['row'], spent: number): Outcome {
  return { decision: 'block', cause: 'unfinished', row, spent };
}

function foreign(row: Outcome['row']): Outcome {
  return { decision: 'approve', cause: 'foreign', row, spent: 1 };
}

function spent(): number {
  return readState(place).budget.spent;
}

function registeredCommand({ home }: Scratch): string {
  const settings = JSON.parse(readFileSync(join(home, '.claude/settings.json'), 'utf8'));
  return settings.hooks.Stop[0].hooks[0].command;
}

function isExpected({ expected, seen }: Situation): boolean {
  return text(expected) === text(seen);
}

function show(situations: Situation[]): void {
  const head = ['who stops', 'verdict', 'cause', 'row', 'budget', 'answered by', ''];
  const table = new Table({ head, style: { head: [], border: [] } });
  const { limit } = readState(place).budget;
  for (const one of situations) {
    const { who, seen, answeredBy, ms } = one;
    const budget = `${seen.spent} of ${limit}`;
    const by = `${answeredBy}, ${Math.round(ms)} ms`;
    const as = isExpected(one) ? 'as expected' : `expected ${text(one.expected)}`;
    table.push([who, seen.decision, seen.cause, seen.row ?? '–', budget, by, as]);
  }
  console.log(table.toString());
}

function text({ decision, cause, row, spent }: Outcome): string {
  return `${decision}, ${cause}, row ${row ?? '–'}, ${spent} spent`;
}

async function cleanUp(): Promise<void> {
  await server.stop();
  place.remove();
}

async function leave(code: number): Promise<void> {
  await cleanUp();
  process.exit(code);
}
