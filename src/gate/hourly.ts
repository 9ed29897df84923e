import { rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod/mini';
import { fileName } from '../session/file-name.ts';
import { writeAtomic } from '../state/atomic.ts';
import {
  jsonNames,
  newerSchema,
  readState,
  serializeState,
  type Versioned,
} from '../state/json-file.ts';
import { lazy } from '../state/lazy.ts';
import { withLock } from '../state/lock.ts';
import type { StatePaths } from '../state/paths.ts';

const HOUR_MS = 60 * 60_000;
const KEPT_MS = 24 * HOUR_MS;

const blocksSchema = lazy(() =>
  z.looseObject({
    schema: z.literal(1),
    /** When this session was blocked within the last hour. */
    at: z.array(z.string()),
    /** When the person was told that the bound is reached. */
    toldAt: z.nullable(z.string()),
  }),
);

export type Blocks = z.infer<ReturnType<typeof blocksSchema>>;

const AS_BLOCKS: Versioned<Blocks> = { version: 1, schema: blocksSchema };

export type Claim =
  | { granted: true; blocks: Blocks }
  | { granted: false; tell: boolean; blocks: Blocks };

/** Takes one block from the hour that ends now; times far ahead are a clock that was wrong then. Pure. */
export function claim(before: Blocks | null, perHour: number, now: number): Claim {
  const recent = (before?.at ?? []).filter((at) => Math.abs(now - Date.parse(at)) < HOUR_MS);
  const at = new Date(now).toISOString();
  if (recent.length < perHour) {
    return { granted: true, blocks: { schema: 1, at: [...recent, at], toldAt: null } };
  }
  const toldAt = before?.toldAt ?? null;
  return {
    granted: false,
    tell: toldAt === null,
    blocks: { schema: 1, at: recent, toldAt: toldAt ?? at },
  };
}

/** Claims one block for a session. Every block of every gate goes through here (src/gate/bounds.ts). */
export function claimBlock(
  paths: StatePaths,
  sessionId: string,
  perHour: number,
  now: number,
): Claim {
  const name = fileName(sessionId);
  return withLock(join(paths.locks, `blocks-${name}.lock`), 300, () => {
    const found = readState(paths.blocks(name), AS_BLOCKS);
    if (found.kind === 'missing') dropOld(dirname(paths.blocks(name)), now);
    if (found.kind === 'newer') throw newerSchema(paths.blocks(name), found.schema);
    const result = claim(found.kind === 'value' ? found.value : null, perHour, now);
    writeAtomic(paths.blocks(name), serializeState(result.blocks));
    return result;
  });
}

/** What sessions of days before left behind says nothing any more. */
function dropOld(dir: string, now: number): void {
  for (const name of jsonNames(dir)) {
    const path = join(dir, `${name}.json`);
    const changed = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now;
    if (now - changed > KEPT_MS) rmSync(path, { force: true });
  }
}
