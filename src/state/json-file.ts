import { isUtf8 } from 'node:buffer';
import { readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type * as z from 'zod/mini';
import { errnoOf, messageOf, StopgateError } from '../errors.ts';
import { escapedJson } from '../printable.ts';
import { readRegularFile, STATE_BYTES } from './read-file.ts';

/** What is in a versioned JSON state file (`{ "schema": n, … }`). */
export type Parsed<T> =
  | { kind: 'value'; value: T }
  /** Written by a newer stopgate: left alone. */
  | { kind: 'newer'; schema: number }
  | { kind: 'corrupt'; why: string };

export type ReadState<T> =
  | Exclude<Parsed<T>, { kind: 'corrupt' }>
  | { kind: 'missing' }
  | { kind: 'corrupt'; why: string; setAside: string | null };

/** A schema, built when it is first needed, and the version it describes; `fits` is what a schema cannot say. */
export interface Versioned<T> {
  version: number;
  schema: () => z.ZodMiniType<T>;
  fits?: (value: T) => boolean;
}

/** Reads a state file. A corrupt one is set aside with its bytes, as `*.corrupt-<time>`. */
export function readState<T>(path: string, as: Versioned<T>): ReadState<T> {
  const bytes = bytesOf(path);
  if (bytes === null) return { kind: 'missing' };
  const parsed = parseBytes(bytes, as);
  if (parsed.kind !== 'corrupt') return parsed;
  return { ...parsed, setAside: setAside(path, bytes) };
}

/** What a state file says, or `null` when there is none that this version can read. */
export function valueIn<T>(path: string, as: Versioned<T>): T | null {
  const found = readState(path, as);
  return found.kind === 'value' ? found.value : null;
}

/** As {@link valueIn}, also where something else than a file is in its place, or one that cannot be opened. */
export function valueIfAny<T>(path: string, as: Versioned<T>): T | null {
  try {
    return valueIn(path, as);
  } catch {
    return null;
  }
}

/** What every state file in `dir` says that this version can read. What cannot be opened hides no other one. */
export function valuesIn<T>(dir: string, as: Versioned<T>): T[] {
  return jsonNames(dir).flatMap((name) => valueIfAny(join(dir, `${name}.json`), as) ?? []);
}

/** As {@link readState}, for who may not write: a corrupt file stays where it is. */
export function peekState<T>(path: string, as: Versioned<T>): Parsed<T> | { kind: 'missing' } {
  const bytes = bytesOf(path);
  return bytes === null ? { kind: 'missing' } : parseBytes(bytes, as);
}

function bytesOf(path: string): Buffer | null {
  try {
    return readRegularFile(path, STATE_BYTES, 'own');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}

function parseBytes<T>(bytes: Buffer, as: Versioned<T>): Parsed<T> {
  return isUtf8(bytes)
    ? parseState(bytes.toString('utf8'), as)
    : { kind: 'corrupt', why: 'not UTF-8' };
}

export function parseState<T>(text: string, { version, schema, fits }: Versioned<T>): Parsed<T> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { kind: 'corrupt', why: messageOf(error) };
  }
  const written = (value as { schema?: unknown } | null)?.schema;
  if (typeof written === 'number' && written > version) return { kind: 'newer', schema: written };
  const result = schema().safeParse(value);
  if (result.success) {
    if (fits && !fits(result.data)) return { kind: 'corrupt', why: 'it belongs to another file' };
    return { kind: 'value', value: result.data };
  }
  const [issue] = result.error.issues;
  return {
    kind: 'corrupt',
    why: `${issue?.path.join('.') || 'root'}: ${issue?.message ?? 'wrong'}`,
  };
}

/** The refusal to write over what a newer stopgate wrote. */
export function newerSchema(path: string, schema: number): StopgateError {
  return new StopgateError('newer-schema', `${path} has schema ${schema}, of a newer stopgate.`, {
    hint: 'Update stopgate.',
  });
}

/** The names of the state files in `dir`, without `.json`; none when there is no directory yet. */
export function jsonNames(dir: string): string[] {
  return namesIn(dir)
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length));
}

/** What is in `dir`, sorted; nothing when there is no directory yet. */
export function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir).sort();
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** The text of a state file; nothing in it acts on the terminal of somebody who looks at it. */
export function serializeState(value: object): string {
  return `${escapedJson(JSON.stringify(value, null, 2))}\n`;
}

/** Moves exactly the bytes that were read aside: a file that was mended meanwhile stays. */
function setAside(path: string, bytes: Buffer): string | null {
  const aside = `${path}.corrupt-${new Date().toISOString().replace(/[:.]/g, '-')}`;
  try {
    if (!readRegularFile(path, STATE_BYTES, 'own').equals(bytes)) return null;
    renameSync(path, aside);
    return aside;
  } catch {
    return null;
  }
}
