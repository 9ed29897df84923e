import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Call, joinsLate, type Part, partsLeft } from '../../src/io/same-event.ts';

/** A registration: where it is written, what it does. */
interface Registration {
  by: string;
  parts: Part[];
}

/** A call as the world has it: `end` is what no call knows of another that has ended. */
interface Run extends Call {
  end: number;
  /** Which event it truly belongs to. */
  nth: number;
}

interface World {
  registrations: Registration[];
  /** Each event's calls: which registration, how long after the event or the call before, to write down, to end. */
  events: { calls: [delay: number, boot: number, work: number][]; shift: number }[];
  /** One after the other, as hosts other than Claude Code and Codex run them. */
  inTurn: boolean;
  hasTranscript: boolean;
}

const parts = fc.constantFrom<Part[]>(['build', 'router'], ['build']);
const ticks = (max: number) => fc.integer({ min: 0, max });
const worlds = (delay: number): fc.Arbitrary<World> =>
  fc.record({
    registrations: fc
      .array(parts, { minLength: 1, maxLength: 4 })
      .map((all) => all.map((some, n) => ({ by: `r${n}`, parts: some }))),
    events: fc.array(
      fc.record({
        calls: fc.array(fc.tuple(ticks(delay), ticks(30), ticks(300)), {
          minLength: 4,
          maxLength: 4,
        }),
        shift: ticks(3),
      }),
      { minLength: 1, maxLength: 6 },
    ),
    inTurn: fc.boolean(),
    hasTranscript: fc.boolean(),
  });

/** Every event has the same payload: nothing but times and callers tells two from one. */
function runsOf({ registrations, events, inTurn }: World): Run[] {
  let now = 1_000;
  let size = 0;
  return events.flatMap(({ calls, shift }, nth) => {
    const began = now;
    size += 100;
    const runs = registrations.map((_one, n): Run => {
      const { by, parts } = registrations[(n + shift) % registrations.length] as Registration;
      const [delay, boot, work] = calls[n] as [number, number, number];
      const since = (inTurn ? now : began) + delay;
      const end = since + boot + work;
      now = Math.max(now, end);
      const at = since + boot;
      return {
        event: 'e',
        by,
        agent: '1',
        boot: 'b',
        pid: 0,
        since,
        at,
        end,
        size,
        parts,
        late: false,
        nth,
      };
    });
    return runs;
  });
}

/** What each call does, in the order in which they are written down. */
function judge(runs: Run[], hasTranscript: boolean): { run: Run; left: Part[] }[] {
  const ordered = [...runs].sort((a, b) => a.at - b.at);
  const written: Call[] = [];
  return ordered.map((run) => {
    const look = {
      isRunning: (call: Call) => (call as Run).end > run.at,
      hasSpokenSince: (size: number) => hasTranscript && size < run.size,
    };
    const call = { ...run, late: joinsLate(written, run, look) };
    const left = partsLeft(written, call);
    written.push(call);
    return { run, left };
  });
}

/** How often a part of an event is done. */
const times = (done: { run: Run; left: Part[] }[], nth: number, part: Part) =>
  done.filter(({ run, left }) => run.nth === nth && left.includes(part)).length;

it('does each part of each event once, however late and in whatever order the registrations call', () => {
  fc.assert(
    fc.property(worlds(3_000), (world) => {
      const done = judge(runsOf(world), world.hasTranscript);
      const all = new Set(world.registrations.flatMap((one) => one.parts));
      for (const nth of world.events.keys())
        for (const part of all) expect(times(done, nth, part)).toBe(1);
    }),
    { numRuns: 1_000 },
  );
});

it('does so too for registrations that nothing tells apart, when the host starts them at the same time', () => {
  fc.assert(
    fc.property(worlds(0), (world) => {
      const registrations = world.registrations.map((one) => ({ ...one, by: 'same' }));
      // A call that writes itself down in the tick in which it was started could not be told from the next event's.
      const events = world.events.map((event) => ({
        ...event,
        calls: event.calls.map(([, boot, work]): [number, number, number] => [0, boot + 1, work]),
      }));
      const done = judge(runsOf({ ...world, events, registrations, inTurn: false }), false);
      const all = new Set(registrations.flatMap((one) => one.parts));
      for (const nth of events.keys())
        for (const part of all) expect(times(done, nth, part)).toBe(1);
    }),
    { numRuns: 1_000 },
  );
});

it('leaves no event undone when only some registrations call, where the transcript tells that the model spoke', () => {
  const subset = fc.array(fc.boolean(), { minLength: 24, maxLength: 24 });
  fc.assert(
    fc.property(worlds(3_000), subset, (world, called) => {
      const runs = runsOf(world).filter((_run, n) => called[n]);
      const done = judge(runs, true);
      for (const nth of world.events.keys()) {
        const asked = new Set(runs.filter((run) => run.nth === nth).flatMap((run) => run.parts));
        for (const part of asked) expect(times(done, nth, part)).toBeGreaterThanOrEqual(1);
      }
    }),
    { numRuns: 1_000 },
  );
});
