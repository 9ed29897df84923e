import type { HostId } from '../../../src/owner/identity.ts';
import type { Attack, Run } from '../attack.ts';
import { type Case, tryCases } from '../cases.ts';
import { MUTATIONS, type Mutated } from '../mutate.ts';
import { hear, isBlock, STOP_ENTRIES, trespasses } from '../oracle.ts';
import { type Recorded, recordedPayloads, sentBy } from '../payloads.ts';
import { type Scene, type Session, setScene } from '../scene.ts';

interface Input extends Case {
  recorded: Recorded;
  host: HostId;
  entry: string;
  from: 'owner' | 'stranger';
  mutation: string;
}

/** How often each payload meets each mutation; every time the seed gives it other values. */
const ROUNDS = 4;

export const stdin: Attack = {
  name: 'stdin',
  title: 'recorded payloads, damaged in every way, to every entry of both hosts',
  weight: 4,
  short: true,
  run: (run) =>
    tryCases(run, {
      cases: inputs(run),
      short: 90,
      place: () => setScene(run),
      done: (scene) => scene.end(),
      work: (one, scene) => send(run, scene, one),
    }),
};

function inputs({ installed }: Run): Input[] {
  return recordedPayloads().flatMap((recorded) =>
    installed.entries.filter(isFor(recorded)).flatMap((entry) =>
      Object.keys(MUTATIONS).flatMap((mutation) =>
        (['owner', 'stranger'] as const).flatMap((from) =>
          Array.from({ length: ROUNDS }, (_, round) => {
            const { host, file } = recorded;
            const name = `${host} ${file} to ${entry} of the ${from}: ${mutation} #${round}`;
            return { name, recorded, host, entry, from, mutation };
          }),
        ),
      ),
    ),
  );
}

/** Stops go to each entry, other events to those that keep records and to the router, which must not mind. */
function isFor({ event }: Recorded): (entry: string) => boolean {
  if (event === 'Stop') return () => true;
  return (entry) => entry !== 'build-stop';
}

async function send(run: Run, scene: Scene, one: Input): Promise<void> {
  const { host, entry, from, mutation } = one;
  const session = from === 'owner' ? scene.owners[host] : scene.strangers[host];
  const payload = sentBy(one.recorded, session.id, scene.world.project);
  const mutate = MUTATIONS[mutation];
  if (mutate === undefined) throw new Error(`there is no mutation ${mutation}`);
  const mutated = mutate(payload, run.random(one.name));
  scene.reset();
  const before = scene.now();
  const { bytes, open, pieces } = mutated;
  const ran = await session.agent.call({
    command: scene.world.hook(host, entry),
    input: bytes,
    ...(open ? { open } : {}),
    ...(pieces ? { pieces } : {}),
  });
  const { answer, problems } = hear(host, entry, ran);
  const said = readBack(mutated, session);
  if (isBlock(answer)) {
    run.count('blocks of the owner');
    if (!said.mayBeHeld || !STOP_ENTRIES.includes(entry))
      problems.push('it held a session that is not the owner');
  }
  if (!isBlock(answer) && mustBeHeld(one)) problems.push('the owner is not held');
  const allowed = {
    session: said.session,
    builds: said.session === session.id ? owned(session) : [],
  };
  problems.push(...trespasses(before, scene.now(), allowed));
  for (const what of problems)
    run.defect(generic(what), one.name, `${what}; ${describe(ran.stdout)}`);
}

/** A payload that arrives whole, of a turn that is over and waits for nothing. */
function mustBeHeld({ recorded, entry, from, mutation }: Input): boolean {
  const isWhole = ['as it is', 'in pieces', 'no end of stdin'].includes(mutation);
  const isOver = recorded.event === 'Stop' && !/bgtask|scheduled/.test(recorded.file);
  return from === 'owner' && STOP_ENTRIES.includes(entry) && isWhole && isOver;
}

function owned({ build }: Session): string[] {
  return build === null ? [] : [build];
}

/** Whom the payload names when it is read as JSON is read everywhere: the last of two keys counts. */
function readBack({ bytes }: Mutated, { id, build }: Session) {
  try {
    const { session_id, agent_id } = JSON.parse(bytes.toString());
    const session = typeof session_id === 'string' && session_id !== '' ? session_id : null;
    return { session, mayBeHeld: session === id && build !== null && !agent_id };
  } catch {
    return { session: null, mayBeHeld: false };
  }
}

/** The part before the colon is the same for every case of one defect. */
function generic(what: string): string {
  return what.split(': ')[0] ?? what;
}

function describe(stdout: string): string {
  return `stdout ${JSON.stringify(stdout.slice(0, 120))}`;
}
