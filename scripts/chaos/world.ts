import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { HostId } from '../../src/owner/identity.ts';
import { type StatePaths, statePaths } from '../../src/state/paths.ts';
import { type Agent, type Called, type Player, startAgent } from './agent.ts';
import type { Installed } from './package.ts';

/** A machine of its own: a home with the package installed in it, a project, and whoever plays there. */
export interface World {
  root: string;
  home: string;
  project: string;
  data: string;
  paths: StatePaths;
  env: Record<string, string>;
  /** Whom everything runs as; undefined is whoever runs this program. */
  uid: number | undefined;
  cli: string;
  /** The command that is registered for an event; an entry that is registered nowhere is called the same way. */
  hook(host: HostId, entry: string): string;
  /** Starts a player; `wrapper` is what its program is started through, e.g. `unshare …`. */
  agent(host: Player, session: string, wrapper?: readonly string[]): Promise<Agent>;
  /** Runs a command line as a person at a shell would, and fails unless it ends with 0. */
  must(line: string): Promise<Called>;
  remove(): Promise<void>;
}

export interface WorldOptions {
  /** As whoever runs this program: needed where a mount or a namespace is made. */
  asSelf?: boolean;
}

/** The users of our own that worlds run as, one each: limits on processes count by user. */
const FIRST_UID = 61_000 + (process.pid % 400) * 10;
let worlds = 0;

/** Makes a world and installs the hooks of both hosts there, with the installed package's own command. */
export async function makeWorld(
  installed: Installed,
  { asSelf = false }: WorldOptions = {},
): Promise<World> {
  const root = mkdtempSync(join(installed.root, 'w-'));
  const home = join(root, 'home');
  const project = join(home, 'project');
  const isRoot = process.getuid?.() === 0;
  const uid = isRoot && !asSelf ? FIRST_UID + (worlds++ % 500) : undefined;
  for (const dir of [home, project, join(home, '.claude'), join(home, '.codex')]) {
    mkdirSync(dir, { recursive: true });
  }
  if (uid !== undefined) {
    for (const dir of [root, home, project, join(home, '.claude'), join(home, '.codex')]) {
      chownSync(dir, uid, uid);
    }
  }
  const env = environment(root, home, installed.bin);
  const options = { cwd: project, env, ...(uid === undefined ? {} : { uid }) };
  const agents: Agent[] = [];
  const agent = async (host: Player, session: string, wrapper: readonly string[] = []) => {
    const program = [...wrapper, process.execPath, installed.agent, host, session];
    const started = await startAgent(program, { host, session }, options);
    agents.push(started);
    return started;
  };
  const person = await agent('person', 'person');
  const must = async (line: string) => {
    const ran = await person.call({ command: line });
    if (ran.code !== 0) throw new Error(`${line}: exit ${ran.code}, ${ran.stderr}`);
    return ran;
  };
  await must('git init -q -b main && git commit -q --allow-empty -m start');
  await must('stopgate install --host claude --scope user');
  await must('stopgate install --host codex --scope user');
  const stops = {
    claude: registeredStop(join(home, '.claude/settings.json')),
    codex: registeredStop(join(home, '.codex/hooks.json')),
  };
  return {
    root,
    home,
    project,
    data: join(home, '.local/share/stopgate'),
    paths: statePaths(join(home, '.local/state/stopgate')),
    env,
    uid,
    cli: installed.cli,
    hook: (host, entry) => stops[host].replace(STOP_ENTRY, entry),
    agent,
    must,
    remove: async () => {
      await Promise.all(agents.map((one) => one.end()));
      rmSync(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

const STOP_ENTRY = 'stop-gate-router';

function registeredStop(path: string): string {
  const { hooks } = JSON.parse(readFileSync(path, 'utf8'));
  const commands = (hooks.Stop as { hooks: { command: string }[] }[]).flatMap((group) =>
    group.hooks.map(({ command }) => command),
  );
  const found = commands.find((command) => command.includes(STOP_ENTRY));
  if (found === undefined) throw new Error(`expected ${STOP_ENTRY} in ${path}`);
  return found;
}

/** Built from nothing, so that no agent, pane or setting of whoever runs this leaks in. */
function environment(root: string, home: string, bin: string): Record<string, string> {
  const path = [bin, dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'];
  return {
    PATH: path.join(delimiter),
    HOME: home,
    TMPDIR: root,
    TMUX_TMPDIR: root,
    LANG: 'C.UTF-8',
    TERM: 'xterm-256color',
    SHELL: '/bin/sh',
    GIT_AUTHOR_NAME: 'a',
    GIT_AUTHOR_EMAIL: 'a@example.com',
    GIT_COMMITTER_NAME: 'a',
    GIT_COMMITTER_EMAIL: 'a@example.com',
    GIT_CONFIG_NOSYSTEM: '1',
  };
}
