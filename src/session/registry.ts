import { isTerminal } from '../build/phases.ts';
import { BUILD_SCHEMA, type Build, buildSchema } from '../build/schema.ts';
import { messageOf } from '../errors.ts';
import { jsonNames, peekState, type Versioned } from '../state/json-file.ts';
import type { StatePaths } from '../state/paths.ts';
import { fileName } from './file-name.ts';
import { AS_LAUNCH, type Launch } from './launch.ts';
import { SESSION_SCHEMA, type SessionRecord, sessionSchema } from './schema.ts';
import { seen } from './store.ts';
import type { SeenSession } from './turn.ts';

const AS_SESSION: Versioned<SessionRecord> = { version: SESSION_SCHEMA, schema: sessionSchema };
const AS_BUILD: Versioned<Build> = { version: BUILD_SCHEMA, schema: () => buildSchema };

export interface Registry {
  records: SeenSession[];
  launches: Launch[];
  openBuilds: Build[];
  /** False when a build could not be read: it may be anybody's. */
  buildsKnown: boolean;
  /** Records and launches that cannot be read. */
  unreadable: { path: string; why: string }[];
}

/** Everything that is registered, read without writing a byte: what is corrupt stays where it is. */
export function readRegistry(paths: StatePaths): Registry {
  const sessions = readAll(paths.sessions, paths.session, AS_SESSION, (r) => fileName(r.sessionId));
  const launches = readAll(paths.launches, paths.launch, AS_LAUNCH, ({ mark }) => mark);
  const builds = readAll(paths.builds, paths.build, AS_BUILD);
  return {
    records: sessions.values.map((record) => seen(paths, record)),
    launches: launches.values,
    openBuilds: builds.values.filter(({ phase }) => !isTerminal(phase)),
    buildsKnown: builds.unreadable.length === 0,
    unreadable: [...sessions.unreadable, ...launches.unreadable],
  };
}

function readAll<T>(
  dir: string,
  pathOf: (name: string) => string,
  as: Versioned<T>,
  nameOf?: (value: T) => string,
): { values: T[]; unreadable: { path: string; why: string }[] } {
  const values: T[] = [];
  const unreadable: { path: string; why: string }[] = [];
  for (const name of jsonNames(dir)) {
    const path = pathOf(name);
    // A copy of a record under another name is no record: nothing that is done to it would meet it.
    const fits = (value: T) => nameOf === undefined || nameOf(value) === name;
    const found = peekQuietly(path, { ...as, fits });
    if (found.kind === 'value') values.push(found.value);
    else if (found.kind === 'newer')
      unreadable.push({ path, why: `schema ${found.schema}, of a newer stopgate` });
    else if (found.kind === 'corrupt') unreadable.push({ path, why: found.why });
  }
  return { values, unreadable };
}

/** A file that cannot even be opened must not hide the others. */
function peekQuietly<T>(path: string, as: Versioned<T>): ReturnType<typeof peekState<T>> {
  try {
    return peekState(path, as);
  } catch (error) {
    return { kind: 'corrupt', why: messageOf(error) };
  }
}
