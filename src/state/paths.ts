import { isAbsolute, join } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

/** Where state lives: `$STOPGATE_STATE_DIR`, `$XDG_STATE_HOME/stopgate`, `~/.local/state/stopgate`. */
export function stateDir(env: Env = process.env): string {
  return (
    placeIn(env, 'STOPGATE_STATE_DIR') ??
    join(placeIn(env, 'XDG_STATE_HOME') ?? join(homeDir(env), '.local', 'state'), 'stopgate')
  );
}

/** Where the installed code lives: `$XDG_DATA_HOME/stopgate`, `~/.local/share/stopgate`. */
export function dataDir(env: Env = process.env): string {
  return join(placeIn(env, 'XDG_DATA_HOME') ?? join(homeDir(env), '.local', 'share'), 'stopgate');
}

/** Where a person's own settings are: `$XDG_CONFIG_HOME/stopgate`, `~/.config/stopgate`. */
export function configDir(env: Env = process.env): string {
  return join(placeIn(env, 'XDG_CONFIG_HOME') ?? join(homeDir(env), '.config'), 'stopgate');
}

/** The person's home: `$HOME`, else what the system has on record. */
export function homeDir(env: Env = process.env): string {
  return placeIn(env, 'HOME') ?? process.getBuiltinModule('node:os').userInfo().homedir;
}

const PLACES = [
  'HOME',
  'STOPGATE_STATE_DIR',
  'XDG_STATE_HOME',
  'XDG_DATA_HOME',
  'XDG_CONFIG_HOME',
] as const;

/** Those of the variables that name a place, but no absolute path: they are ignored. */
export function ignoredPlaces(env: Env): string[] {
  return PLACES.filter((name) => env[name] && placeIn(env, name) === null);
}

/** A path that is not absolute would be another place for each process: nobody could find what another one wrote. */
function placeIn(env: Env, name: (typeof PLACES)[number]): string | null {
  const path = env[name] ?? '';
  return isAbsolute(path) ? path : null;
}

/** The paths inside one state directory. */
export function statePaths(root: string) {
  return {
    root,
    builds: join(root, 'builds'),
    build: (id: string) => join(root, 'builds', `${id}.json`),
    sessions: join(root, 'sessions'),
    session: (name: string) => join(root, 'sessions', `${name}.json`),
    turns: join(root, 'turns'),
    turn: (name: string) => join(root, 'turns', name),
    roles: join(root, 'runtime', 'roles'),
    role: (name: number | string) => join(root, 'runtime', 'roles', `${name}.json`),
    requests: join(root, 'runtime', 'requests'),
    request: (name: string) => join(root, 'runtime', 'requests', `${name}.json`),
    launches: join(root, 'runtime', 'launches'),
    launch: (mark: string) => join(root, 'runtime', 'launches', `${mark}.json`),
    observations: join(root, 'runtime', 'observations.json'),
    armedStop: join(root, 'armed', 'stop'),
    armedHandOff: join(root, 'armed', 'hand-off'),
    armedRest: join(root, 'armed', 'rest'),
    /** Which builds a session, a pane or a process could own (src/build/armed.ts). */
    armedBy: join(root, 'armed', 'by'),
    armedKeyed: join(root, 'armed', 'keyed'),
    /** There while no gate shall run at all: the launcher answers then. */
    armedOff: join(root, 'armed', 'off'),
    gate: join(root, 'gate.json'),
    calls: (name: string) => join(root, 'runtime', 'calls', `${name}.jsonl`),
    blocks: (name: string) => join(root, 'runtime', 'blocks', `${name}.json`),
    events: join(root, 'events'),
    gateLog: join(root, 'events', 'gate.jsonl'),
    shutdownLog: join(root, 'events', 'shutdown.jsonl'),
    annotations: join(root, 'events', 'annotations.jsonl'),
    cleanupLog: join(root, 'events', 'cleanup.jsonl'),
    locks: join(root, 'locks'),
    backups: join(root, 'backups'),
  };
}

export type StatePaths = ReturnType<typeof statePaths>;
