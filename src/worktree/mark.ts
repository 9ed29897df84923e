import { join } from 'node:path';
import * as z from 'zod/mini';
import { errnoOf, messageOf } from '../errors.ts';
import { writeAtomic } from '../state/atomic.ts';
import { parseState, serializeState, type Versioned } from '../state/json-file.ts';
import { readText, STATE_BYTES } from '../state/read-file.ts';
import { type Fact, known, unknown } from './fact.ts';

const MARK_SCHEMA = 1;

const markSchema = z.looseObject({
  schema: z.literal(MARK_SCHEMA),
  /** The build that the worktree was made for: its task id. */
  build: z.string(),
  branch: z.string(),
  /** The commit that the branch started from. */
  base: z.string(),
  /** The full name of the branch that was checked out there; `null` when none was. */
  from: z.nullable(z.string()),
  createdAt: z.string(),
});

/** What `build start --worktree` leaves in the worktree's own git directory. */
export type Mark = z.infer<typeof markSchema>;

const AS_MARK: Versioned<Mark> = { version: MARK_SCHEMA, schema: () => markSchema };

/** Invisible to status, kept by `git worktree move`, gone with the worktree. */
export function writeMark(gitDir: string, mark: Omit<Mark, 'schema'>): void {
  writeAtomic(markPath(gitDir), serializeState({ schema: MARK_SCHEMA, ...mark }));
}

/** The mark of a worktree, `null` when it has none. One that cannot be read is unknown, and left where it is. */
export function readMark(gitDir: string): Fact<Mark | null> {
  let text: string;
  try {
    text = readText(markPath(gitDir), STATE_BYTES, 'itself');
  } catch (error) {
    return errnoOf(error) === 'ENOENT' ? known(null) : unknown(messageOf(error));
  }
  const mark = parseState(text, AS_MARK);
  if (mark.kind === 'value') return known(mark.value);
  const why = mark.kind === 'newer' ? `it has schema ${mark.schema}` : mark.why;
  return unknown(`${markPath(gitDir)} cannot be read: ${why}`);
}

function markPath(gitDir: string): string {
  return join(gitDir, 'stopgate.json');
}
