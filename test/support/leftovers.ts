import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Agent, agentCommand, connected, quote } from './agent.ts';
import { cli } from './cli.ts';
import { scratch } from './fixture.ts';
import { registered } from './installed-tree.ts';
import { eventPayload, stopPayload } from './payload.ts';
import type { Scratch } from './scratch.ts';
import { type TmuxServer, tmuxServer } from './tmux-server.ts';
import { until } from './until.ts';

/** A tmux session that stopgate started. */
export interface Ours {
  id: string;
  mark: string;
}

/** Makes what sessions leave behind, with the real commands and hooks, on servers that only a test knows. */
export interface Leftovers {
  place: Scratch;
  /** The server that `stopgate run --tmux` uses. What ends in it stays as a dead pane. */
  main: TmuxServer;
  /** A further server; it is ended after the test. */
  server(name: string): TmuxServer;
  /** The environment of a pane of `server`, which is started by this. */
  inServer(server: TmuxServer): Promise<{ TMUX: string }>;
  /** The names of the sessions of a server; none when it does not answer. */
  sessions(server: string): Promise<string[]>;
  /** `stopgate run --tmux NAME -- COMMAND`. */
  launch(name: string, command: string[], env?: object, role?: string): Promise<Ours>;
  /** A launch of an agent, whose session has started. Its session id is the name. */
  agent(name: string, env?: object, role?: string): Promise<Agent>;
  hook(agent: Agent, event: string, more?: object): Promise<void>;
  /** The end of a turn, judged by the router; the transcript says so, too. */
  rest(agent: Agent, more?: object): Promise<void>;
  /** Looks at a session until it is of this class; what an agent drew has to be a while ago. */
  becomes(name: string, kind: string): Promise<void>;
  /** Looks at a session of `main` from a pane of another server. */
  attach(name: string): Promise<void>;
  /** Changes a file of the registry. */
  edit(path: string, change: (value: Record<string, unknown>) => object): void;
}

/** Where the hooks of an agent say that its transcript is. */
export function transcriptOf(place: Scratch, sessionId: string): string {
  return join(place.project, `${sessionId}.jsonl`);
}

export function transcript(...entries: object[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
}

/** A turn that is over, as Claude Code writes it. */
export const PROMPT = { type: 'user', message: { role: 'user', content: 'work' } };
const ANSWER = { type: 'assistant', message: { content: [{ type: 'text', text: 'Done.' }] } };
const TURN = [PROMPT, ANSWER, { type: 'system', subtype: 'turn_duration' }];

/** A command that succeeds; tmux can miss how one ended that ends at once. */
export const DONE = ['sleep', '0.2'];

export async function leftovers(): Promise<Leftovers> {
  const place = scratch();
  const server = (name: string) => {
    const made = tmuxServer(place, name);
    onTestFinished(() => made.stop());
    return made;
  };
  const main = server('default');
  const viewer = server('viewer');
  await main.session('person');
  await main.ask('set-option', '-g', 'remain-on-exit', 'on');

  const edit = (path: string, change: (value: Record<string, unknown>) => object) => {
    writeFileSync(path, `${JSON.stringify(change(JSON.parse(readFileSync(path, 'utf8'))))}\n`);
  };
  const launch = async (name: string, command: string[], env: object = {}, role?: string) => {
    const flags = ['--tmux', name, ...(role === undefined ? [] : ['--role', role])];
    const { stdout, stderr } = await cli(place, ['run', ...flags, '--', ...command], env);
    const [, id = '', mark = ''] = /^(\$\d+) {2}\S+ {2}(sg-\w+)$/.exec(stdout) ?? [];
    if (id === '') throw new Error(`expected a started session, found ${stdout}${stderr}`);
    edit(place.paths.launch(mark), (launched) => ({
      ...launched,
      startedAt: '2026-01-01T00:00:00.000Z',
    }));
    return { id, mark };
  };
  const hook = async (agent: Agent, event: string, more: object = {}) => {
    const input = eventPayload(event, agent.sessionId, place.project, more);
    const { stderr } = await agent.run(registered('session'), { input });
    if (stderr !== '') throw new Error(stderr);
  };
  return {
    place,
    main,
    server,
    launch,
    hook,
    agent: async (name, env = {}, role) => {
      const socket = join(place.root, `agent-${name}`);
      await launch(name, agentCommand(socket, 'claude', name), env, role);
      const agent = await connected(place, socket);
      await hook(agent, 'SessionStart', { source: 'startup' });
      return agent;
    },
    rest: async (agent, more = {}) => {
      writeFileSync(transcriptOf(place, agent.sessionId), transcript(...TURN));
      const input = stopPayload(agent.sessionId, place.project, more);
      await agent.run(registered(), { input });
    },
    becomes: async (name, kind) => {
      const line = new RegExp(`^\\S+  ${kind}  ${name} \\(`, 'm');
      const report = async () => (await cli(place, ['session', 'report'])).stdout;
      await until(`${name} to be ${kind}`, async () => line.test(await report()), 60_000);
    },
    attach: async (name) => {
      const clients = () => main.ask('list-clients', '-F', '#{session_name}');
      const pane = await viewer.session(`looks-at-${name}`);
      await viewer.type(pane, `env -u TMUX tmux -L default attach-session -t ${quote(`=${name}`)}`);
      await until(`a client at ${name}`, async () => (await clients()).split('\n').includes(name));
    },
    edit,
    inServer: async (other) => {
      await other.session('first');
      const socket = await other.ask('display-message', '-p', '#{socket_path}');
      return { TMUX: `${socket},${await other.pid()},0` };
    },
    sessions: async (name) => {
      const names = tmuxServer(place, name).ask('list-sessions', '-F', '#{session_name}');
      return (await names.catch(() => '')).split('\n').filter((line) => line !== '');
    },
  };
}
