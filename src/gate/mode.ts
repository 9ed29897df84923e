import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { writeAtomic } from '../state/atomic.ts';
import { assertHeld } from '../state/held.ts';
import { newerSchema, readState, serializeState, type Versioned } from '../state/json-file.ts';
import { lazy } from '../state/lazy.ts';
import { withLock } from '../state/lock.ts';
import type { StatePaths } from '../state/paths.ts';

export const MODES = ['off', 'shadow', 'enforce'] as const;
export type Mode = (typeof MODES)[number];

/** What `stopgate gate` keeps, `gate.json`. Unknown keys are kept. */
const gateSchema = lazy(() => {
  const mode = z.enum(MODES);
  return z.looseObject({
    schema: z.literal(1),
    /** For every project that has no mode of its own; `null`: the default of each gate. */
    mode: z.nullable(mode),
    /** By the real path of a working tree. */
    projects: z.record(z.string(), mode),
    /** When the kill switch was turned on. */
    killedAt: z.nullable(z.string()),
    /** Failures of the authority in a row, and until when it is left alone because of them. */
    breaker: z.looseObject({ failures: z.int(), openUntil: z.nullable(z.string()) }),
  });
});

export type GateState = z.infer<ReturnType<typeof gateSchema>>;

const AS_GATE: Versioned<GateState> = { version: 1, schema: gateSchema };

const FRESH: GateState = {
  schema: 1,
  mode: null,
  projects: {},
  killedAt: null,
  breaker: { failures: 0, openUntil: null },
};

/**
 * The gate's state. A corrupt file is set aside and counts as none, which is the default; but off it stays, where the
 * launcher was told so. @throws StopgateError `newer-schema`.
 */
export function readGate(paths: StatePaths): GateState {
  const found = readState(paths.gate, AS_GATE);
  switch (found.kind) {
    case 'value':
      return found.value;
    case 'newer':
      throw newerSchema(paths.gate, found.schema);
    case 'missing':
    case 'corrupt':
      return existsSync(paths.armedOff) ? { ...FRESH, killedAt: new Date().toISOString() } : FRESH;
    default:
      return found satisfies never;
  }
}

/** Changes the gate's state while no other process can, and what the launcher looks at with it. */
export function updateGate(
  paths: StatePaths,
  waitMs: number,
  edit: (gate: GateState) => GateState,
): GateState {
  return withLock(join(paths.locks, 'gate.lock'), waitMs, () => {
    const before = readGate(paths);
    const after = edit(before);
    if (after === before) return before;
    // Cut off in between, the state file alone decides: the launcher must never say "off" against it.
    assertHeld();
    rmSync(paths.armedOff, { force: true });
    writeAtomic(paths.gate, serializeState(after));
    if (isAllOff(after)) writeAtomic(paths.armedOff, 'off\n');
    return after;
  });
}

/** The mode of each gate in one project: the build gate enforces and the authority shadows until told otherwise. */
export function modesIn(gate: GateState, project: string): { build: Mode; authority: Mode } {
  if (gate.killedAt !== null) return { build: 'off', authority: 'off' };
  const set = modeOf(gate, project) ?? gate.mode;
  return { build: set ?? 'enforce', authority: set ?? 'shadow' };
}

/** The mode that was set for one project. Its name is somebody's text: what every object inherits is no mode. */
export function modeOf({ projects }: GateState, project: string): Mode | null {
  return Object.hasOwn(projects, project) ? (projects[project] ?? null) : null;
}

/** What a project's mode comes from, as {@link modesIn} looks for it. */
export type Because = 'kill-switch' | 'project' | 'user' | 'default';

export function becauseIn(gate: GateState, project: string): Because {
  if (gate.killedAt !== null) return 'kill-switch';
  if (modeOf(gate, project) !== null) return 'project';
  return gate.mode === null ? 'default' : 'user';
}

/** Sets the mode of one project, or with `null` the person's own; mode `null` goes back to what holds without it. */
export function withMode(gate: GateState, project: string | null, mode: Mode | null): GateState {
  if (project === null) return { ...gate, mode };
  const { [project]: _, ...others } = gate.projects;
  return { ...gate, projects: mode === null ? others : { ...others, [project]: mode } };
}

/** Turns the kill switch; it stays as old as it is. */
export function withKill(gate: GateState, on: boolean, at: string): GateState {
  if (on === (gate.killedAt !== null)) return gate;
  return { ...gate, killedAt: on ? at : null };
}

/** True when no stop anywhere could be held. */
function isAllOff({ killedAt, mode, projects }: GateState): boolean {
  if (killedAt !== null) return true;
  return mode === 'off' && Object.values(projects).every((own) => own === 'off');
}
