import { buildSchema } from '../../../src/build/schema.ts';
import type { Called } from '../agent.ts';
import type { Run } from '../attack.ts';
import { type Case, tryCases } from '../cases.ts';
import { WRITING } from '../commands.ts';
import type { Snapshot } from '../files.ts';
import { hear, isBlock, trespasses } from '../oracle.ts';
import { type Scene, setScene } from '../scene.ts';
import { type Course, courseOf, goesOn, losses, struck, unclear } from '../strike.ts';
import type { Point } from '../syscalls.ts';

interface Struck extends Case {
  command: string;
  point: Point;
  fault: string;
}

interface Strikes {
  short: number;
  /** The faults that are injected at a call. */
  faultsAt(point: Point): readonly string[];
  /** A command that ended so needs no message. */
  isRight(ran: Called): boolean;
}

interface Place {
  scene: Scene;
  courses: Map<string, Course>;
}

/** Strikes every writing command at each of its system calls, and looks at what is left and what works then. */
export async function strikeAll(run: Run, { short, faultsAt, isRight }: Strikes): Promise<void> {
  const first: Place = { scene: await setScene(run), courses: new Map() };
  // The short form learns the calls of a few commands only: each costs a run of its own.
  const learned = WRITING.filter(({ name }) => isAsked(name, run.only));
  const some = run.short && run.only === null ? sample(run, learned) : learned;
  for (const { name } of some) {
    await courseIn(first, name).catch((error) => {
      run.defect('a command fails undisturbed', name, String(error.message));
    });
  }
  const cases = [...first.courses].flatMap(([command, { points }]) =>
    points.flatMap((point) =>
      faultsAt(point).map((fault): Struck => {
        return { name: `${command}, ${point.call} ${point.nth}, ${fault}`, command, point, fault };
      }),
    ),
  );
  await tryCases(run, {
    cases,
    short,
    place: async (lane) =>
      lane === 0 ? first : { scene: await setScene(run), courses: new Map() },
    done: ({ scene }) => scene.end(),
    work: (one, place) => strike(run, one, place, isRight),
  });
}

/** True for the command of a whole case's name, and for all that a part of one may mean. */
function isAsked(name: string, only: string | null): boolean {
  return only === null || `${name}, `.includes(only) || only.startsWith(`${name}, `);
}

const SAMPLE = 3;

function sample<T>(run: Run, from: readonly T[]): T[] {
  const random = run.random('commands');
  return Array.from({ length: SAMPLE }, () => random.pick(from));
}

async function courseIn({ scene, courses }: Place, name: string): Promise<Course> {
  const known = courses.get(name);
  if (known) return known;
  const one = WRITING.find((writing) => writing.name === name);
  if (one === undefined) throw new Error(`there is no command ${name}`);
  const course = await courseOf(one, scene);
  courses.set(name, course);
  return course;
}

async function strike(run: Run, it: Struck, place: Place, isRight: Strikes['isRight']) {
  const { scene } = place;
  const course = await courseIn(place, it.command);
  const { one, from } = course;
  const { ran, after, isOurs } = await struck(course, scene, it.point, it.fault);
  if (!isOurs) return run.count("hit Node's own, not judged");
  const problems = losses(course, after);
  if (one.kind === 'cli') {
    if (!isRight(ran)) problems.push(...unclear(ran));
    if (ran.code === 0 && ran.signal === null) run.count('went on all the same');
  } else {
    const session = one.who(scene);
    const { answer, problems: wrong } = hear(session.host, one.words(scene), ran);
    const builds = session.build === null ? [] : [session.build];
    problems.push(...wrong, ...spending(from, after, session.build, isBlock(answer)));
    problems.push(...trespasses(from, after, { session: session.id, builds }).filter(isNoLitter));
  }
  problems.push(...(await goesOn(run, course, scene)));
  for (const what of problems) {
    const detail = `${what}; stderr ${JSON.stringify(ran.stderr.slice(0, 200))}`;
    run.defect(what.split(': ').slice(0, 2).join(': ').slice(0, 90), it.name, detail);
  }
}

/** What a killed process cannot take away is cleared later. */
function isNoLitter(what: string): boolean {
  return !what.includes('left it behind');
}

/** A block that was spoken is counted; one that was not may cost one at most. */
function spending(
  from: Snapshot,
  after: Snapshot,
  build: string | null,
  isHeld: boolean,
): string[] {
  const [before, now] = [from, after].map((all) => spentIn(all, build));
  if (before === undefined || now === undefined) return [];
  const cost = now - before;
  if (isHeld && cost !== 1) return [`a block that was spoken was counted ${cost} times`];
  return cost > 1 ? [`a silent stop cost ${cost} blocks`] : [];
}

function spentIn(all: Snapshot, build: string | null): number {
  const entry = [...all].find(([path]) => path.endsWith(`/builds/${build}.json`))?.[1];
  const parsed = buildSchema.safeParse(JSON.parse(entry?.bytes.toString() ?? 'null'));
  return parsed.success ? parsed.data.budget.spent : 0;
}
