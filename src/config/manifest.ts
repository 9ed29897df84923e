import { renameSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { errnoOf, StopgateError } from '../errors.ts';
import { writeAtomic } from '../state/atomic.ts';
import { assertHeld } from '../state/held.ts';
import { withLock } from '../state/lock.ts';
import type { StatePaths } from '../state/paths.ts';
import { readText, STATE_BYTES } from '../state/read-file.ts';

const OriginSchema = z.looseObject({
  containers: z.record(z.string(), z.nullable(z.string())),
  blank: z.optional(z.string()),
  allowed: z.optional(
    z.looseObject({
      rules: z.readonly(z.array(z.string())),
      containers: z.record(z.string(), z.nullable(z.string())),
    }),
  ),
});

const SettingsSchema = z.looseObject({
  host: z.enum(['claude', 'codex']),
  scope: z.enum(['user', 'project', 'local']),
  /** As the host names it; the key is the file behind every symlink. */
  path: z.string(),
  entries: z.array(z.looseObject({ event: z.string(), command: z.string() })),
  origin: OriginSchema,
  /** Of the bytes that we wrote last. */
  sha256: z.string(),
});

const ManifestSchema = z.looseObject({
  version: z.literal(1),
  settings: z.record(z.string(), SettingsSchema),
  /** Installed files: by the directory they are in and their path below it, the hash of what we wrote. */
  trees: z.record(z.string(), z.record(z.string(), z.string())),
  /** Of our file among Codex's rules, by its path: the hash of what we wrote. */
  rules: z.optional(z.record(z.string(), z.string())),
});

/** What was installed where: enough to take it out again to the byte. */
export type Manifest = z.infer<typeof ManifestSchema>;

/** The manifest of a data directory; an empty one when there is none or it cannot be read. */
export function readManifest(data: string): Manifest {
  return load(manifestPath(data)) ?? EMPTY;
}

export function manifestState(data: string): 'fine' | 'unreadable' {
  return load(manifestPath(data)) === null ? 'unreadable' : 'fine';
}

/** Changes the manifest, one process at a time. One that cannot be read is set aside with its bytes. */
export function updateManifest(
  data: string,
  state: StatePaths,
  change: (manifest: Manifest) => Manifest,
): void {
  const path = manifestPath(data);
  withLock(join(state.locks, 'manifest.lock'), 10_000, () => {
    const manifest = load(path);
    assertHeld();
    if (manifest === null) renameSync(path, `${path}.corrupt-${Date.now()}`);
    writeAtomic(path, `${JSON.stringify(change(manifest ?? EMPTY), null, 2)}\n`);
  });
}

const EMPTY: Manifest = { version: 1, settings: {}, trees: {} };

export function manifestPath(data: string): string {
  return join(data, 'manifest.json');
}

/** Null: something is there, and it is no manifest. */
function load(path: string): Manifest | null {
  let value: unknown;
  try {
    value = JSON.parse(readText(path, STATE_BYTES));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return EMPTY;
    if (error instanceof SyntaxError || error instanceof StopgateError) return null;
    throw error;
  }
  const result = ManifestSchema.safeParse(value);
  return result.success ? result.data : null;
}
