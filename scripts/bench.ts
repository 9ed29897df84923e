import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Table from 'cli-table3';
import { armHandOff } from '../src/shutdown/armed.ts';
import { quote } from '../test/support/agent.ts';
import { fillRepo } from '../test/support/big-repo.ts';
import { host } from '../test/support/host.ts';
import { compile, placeLauncher, registered } from '../test/support/installed-tree.ts';
import { stopPayload } from '../test/support/payload.ts';
import { makeScratch, type Scratch } from '../test/support/scratch.ts';
import { readState, stateFile } from '../test/support/state-files.ts';
import { eventsOf, type Fired, fillBuilds, meet } from './bench-turns.ts';

/**
 * Times what a stop costs against an empty shell and an empty Node. Every round runs each command in turn, several
 * times, so that a busy machine slows all of them alike: only the ratios mean anything. `npm run bench -- <rounds>`
 */

interface Subject {
  name: string;
  /** Run by `/bin/sh -c` as the host does, with the payload on stdin. */
  command: string;
  payload: string;
  env: Record<string, string>;
  times: number;
  before?: () => void;
  /** The subject that this one is measured by, and how much more it may cost; `less` is taken off before. */
  aim?: { of: Subject; atMost: number; less?: Subject };
}

/** A shell loop starts the runs: the start of this program's own children would cost more than `sh -c :`. */
const LOOP = 'n=$1; while [ $n -gt 0 ]; do /bin/sh -c "$2" <"$3" >/dev/null; n=$((n-1)); done';

const rounds = Number(process.argv[2] ?? 15);
const HOSTS = ['claude', 'codex'] as const;
const GROWN = [1, 100, 10_000];
const places: Scratch[] = [];
try {
  const subjects = await prepare();
  const medians = measure(subjects);
  show(subjects, medians);
} finally {
  for (const place of places) place.remove();
}

async function prepare(): Promise<Subject[]> {
  const idle = newPlace();
  const armed = newPlace();
  await host(armed, 'owner').tool('stopgate build start "a task" --size large');
  const empty = join(idle.root, 'empty.cjs');
  writeFileSync(empty, '');

  const shell = subject('sh -c :', idle, ':', 20);
  const node = subject('node empty.cjs', idle, `exec '${process.execPath}' '${empty}'`, 3);
  const nothing = subject('launcher, nothing armed', idle, registered(), 20);
  const block = subject("the owner's block", armed, registered(), 3, 'owner');
  block.before = freshBudget(armed);
  const other = subject('a foreign Claude session', armed, registered(), 20, 'other');
  other.env.CLAUDE_PID = String(process.ppid);
  const codex = subject(
    'a foreign Codex session',
    armed,
    registered('stop-gate-router', 'codex'),
    3,
  );
  const off = newPlace();
  await host(off, 'owner').tool('stopgate build start "a task" && stopgate gate mode off');
  const routerOff = subject('router off', off, registered(), 20, 'owner');
  const { shadow, calls } = await shadowOnBigRepo();

  const roles = newPlace();
  armHandOff(roles.paths, process.ppid);
  const after = registered('shutdown-after-idle');
  const noRole = subject('after a tool, a role elsewhere', roles, after, 20);

  const turns = (await Promise.all(HOSTS.map((as) => turnRows(as, shell, node)))).flat();
  const growth = await growthRows();

  return [
    shell,
    node,
    ...turns,
    ...growth,
    { ...nothing, aim: { of: shell, atMost: 3.5 } },
    { ...noRole, aim: { of: shell, atMost: 3.5 } },
    { ...block, aim: { of: node, atMost: 1.45 } },
    { ...other, aim: { of: shell, atMost: 5 } },
    { ...codex, aim: { of: shell, atMost: 5 } },
    { ...routerOff, aim: { of: shell, atMost: 3.5 } },
    calls,
    { ...shadow, aim: { of: node, atMost: 2, less: calls } },
  ];
}

/** What a session that owns nothing pays: each event by itself, and the turn, which is a prompt and a stop. */
async function turnRows(as: 'claude' | 'codex', shell: Subject, node: Subject): Promise<Subject[]> {
  const place = newPlace();
  await host(place, 'owner').tool('stopgate build start "a task" --size large');
  await meet(place, as, 'mine');
  const { prompt, stop, start } = eventsOf(place, as, 'mine');
  if (!prompt || !stop || !start) throw new TypeError('a turn has these events');
  const [first, last, begin] = [fired(prompt, 20), fired(stop, 20), fired(start, 3)];
  const turn: Subject = {
    ...first,
    name: `${as}: a turn, prompt and stop`,
    command: `/bin/sh -c ${quote(prompt.command)} <${quote(first.payload)}; exec /bin/sh -c ${quote(stop.command)} <${quote(last.payload)}`,
    aim: { of: shell, atMost: 7 },
  };
  return [first, last, turn, { ...begin, aim: { of: node, atMost: 1.4 } }];
}

/** The same events with ever more builds of others open, each compared with itself at one. */
async function growthRows(): Promise<Subject[]> {
  const rows: Subject[] = [];
  const bases = new Map<string, Subject>();
  for (const count of GROWN) {
    const place = newPlace();
    await host(place, 'owner').tool('stopgate build start "a task" --size large');
    const block = subject(`the owner's block, ${count} open`, place, registered(), 3, 'owner');
    block.before = freshBudget(place);
    fillBuilds(place, count);
    await meet(place, 'claude', 'mine');
    const { stop, start } = eventsOf(place, 'claude', 'mine');
    if (!stop || !start) throw new TypeError('a turn has these events');
    const named = { block, stop: fired(stop, 20), start: fired(start, 3) };
    for (const [kind, row] of Object.entries(named)) {
      const name = kind === 'block' ? row.name : `${row.name}, ${count} open`;
      const base = bases.get(kind);
      const shown = { ...row, name, ...(base ? { aim: { of: base, atMost: 1.15 } } : {}) };
      if (!base) bases.set(kind, shown);
      rows.push(shown);
    }
  }
  return rows;
}

function fired({ name, place, command, session, payload }: Fired, times: number): Subject {
  const made = subject(name, place, command, times, `${session}-${name.replace(/\W+/g, '-')}`);
  writeFileSync(made.payload, payload);
  return { ...made, env: { ...made.env, CLAUDE_CODE_SESSION_ID: session } };
}

/**
 * A session that breaks off in a repository of 10,000 files and 5,000 commits, where the rules would hold it, so that
 * they look twice; and the calls of git that it makes, by themselves.
 */
async function shadowOnBigRepo(): Promise<{ shadow: Subject; calls: Subject }> {
  const place = newPlace();
  const { project, home, env } = place;
  const git = (...args: string[]) => execFileSync('git', args, { cwd: project, env });
  git('init', '-q', '-b', 'main');
  fillRepo(project, new Date(Date.now() - 3600_000), '- [ ] one\n');
  mkdirSync(join(home, '.config/stopgate'), { recursive: true });
  const settings = { authority: { kind: 'rules' } };
  writeFileSync(join(home, '.config/stopgate/config.json'), JSON.stringify(settings));
  const start = { session_id: 'one', hook_event_name: 'SessionStart', cwd: project };
  await host(place, 'one').run({ command: registered('session'), input: JSON.stringify(start) });
  writeFileSync(join(project, 'PLAN.md'), '- [x] one\n- [ ] two\n');
  git('add', '.');
  git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '-q', '-m', 'a plan');

  const message = { last_assistant_message: 'Step 1 is in. Moving on to step 2.' };
  const shadow = subject('router, shadow, rules, big repository', place, registered(), 2, 'one');
  writeFileSync(shadow.payload, stopPayload('one', project, message));
  const calls = { ...shadow, name: 'its calls of git alone', command: traceGit(shadow, place) };
  return { shadow, calls };
}

/** Runs a subject once under a git that writes down how it is called, and returns those calls as one command. */
function traceGit({ command, payload, env }: Subject, { root, project }: Scratch): string {
  const bin = join(root, 'traced');
  const trace = join(root, 'git-calls');
  const real = execFileSync('/bin/sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  mkdirSync(bin);
  const script = `#!/bin/bash\n(printf '${real}'; printf ' %q' "$@"; echo) >>'${trace}'\nexec ${real} "$@"\n`;
  writeFileSync(join(bin, 'git'), script, { mode: 0o755 });
  const traced = { ...env, PATH: `${bin}:${env.PATH}` };
  execFileSync('/bin/sh', ['-c', `${command} <'${payload}'`], { env: traced });
  const lines = readFileSync(trace, 'utf8').trimEnd().split('\n');
  const options = /^.* -c log\.follow=false /;
  console.log(`git calls:\n${lines.map((line) => line.replace(options, '  git ')).join('\n')}`);
  const again = join(root, 'git-calls.sh');
  writeFileSync(again, `cd '${project}'\n${lines.join(' >/dev/null\n')} >/dev/null\n`);
  return `exec bash '${again}'`;
}

function newPlace(): Scratch {
  const place = makeScratch();
  places.push(place);
  placeLauncher(place);
  compile(place);
  return place;
}

function subject(
  name: string,
  place: Scratch,
  command: string,
  times: number,
  sessionId = 'nobody',
): Subject {
  const payload = join(place.root, `${sessionId}.json`);
  writeFileSync(payload, stopPayload(sessionId, place.project));
  const identity = { CLAUDE_CODE_SESSION_ID: sessionId, CLAUDE_PID: String(process.pid) };
  return { name, command, payload, env: { ...place.env, ...identity }, times };
}

/** A budget that no batch can spend. */
function freshBudget(place: Scratch): () => void {
  const file = stateFile(place);
  const state = readState(place);
  const text = JSON.stringify({ ...state, budget: { ...state.budget, spent: 0, streak: 0 } });
  return () => writeFileSync(file, text);
}

/** Milliseconds per run, the median over all rounds. */
function measure(subjects: Subject[]): Map<Subject, number> {
  const samples = new Map<Subject, number[]>(subjects.map((one) => [one, []]));
  for (let round = -1; round < rounds; round++) {
    for (const one of subjects) {
      const ms = timeBatch(one);
      if (round >= 0) samples.get(one)?.push(ms);
    }
  }
  return new Map(subjects.map((one) => [one, median(samples.get(one) ?? [])]));
}

function timeBatch({ command, payload, env, times, before }: Subject): number {
  before?.();
  const started = performance.now();
  execFileSync('/bin/sh', ['-c', LOOP, 'sh', String(times), command, payload], { env });
  return (performance.now() - started) / times;
}

function median(values: number[]): number {
  const sorted = values.sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function show(subjects: Subject[], medians: Map<Subject, number>): void {
  const of = (one: Subject) => medians.get(one) ?? Number.NaN;
  const table = new Table({
    head: ['', 'median', 'ratio', 'of', 'aim'],
    colAligns: ['left', 'right', 'right', 'left', 'left'],
    style: { head: [], border: [] },
  });
  for (const one of subjects) {
    const { aim } = one;
    const less = aim?.less ? of(aim.less) : 0;
    const ratio = aim ? (of(one) - less) / of(aim.of) : null;
    table.push([
      one.name,
      `${of(one).toFixed(2)} ms`,
      ratio?.toFixed(2) ?? '',
      aim?.of.name ?? '',
      aim && ratio ? aimText(aim, ratio) : '',
    ]);
  }
  console.log(`${rounds} rounds, Node ${process.versions.node}, ${process.platform}`);
  console.log(table.toString());
}

function aimText({ atMost, less }: NonNullable<Subject['aim']>, ratio: number): string {
  const without = less ? `, without ${less.name}` : '';
  return `≤ ${atMost}${without}${ratio <= atMost ? '' : ', missed'}`;
}
