import { alternatives, type JsonSchema } from './json-schema.ts';
import { nearest } from './nearest.ts';

/** A key that nobody knows, by its path, and the path that was probably meant. */
export interface UnknownKey {
  path: string;
  nearest: string | null;
}

/** The keys in `value` that `schema` does not know. Pure; wrong values are somebody else's business. */
export function unknownKeys(value: unknown, schema: JsonSchema): UnknownKey[] {
  const known = knownPaths(schema, '');
  return unknownIn(value, schema, '').map((path) => ({ path, nearest: nearest(path, known) }));
}

function unknownIn(value: unknown, schema: JsonSchema, path: string): string[] {
  if (Array.isArray(value)) {
    return schema.items ? value.flatMap((item) => unknownIn(item, schema.items ?? {}, path)) : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  const fitting = alternatives(schema).find((one) => fits(value, one));
  if (!fitting) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = join(path, key);
    const below = Object.hasOwn(fitting.properties ?? {}, key)
      ? fitting.properties?.[key]
      : fitting.additionalProperties;
    if (below === false) return [at];
    return typeof below === 'object' ? unknownIn(inner, below, at) : [];
  });
}

/** The alternative whose constants, such as `kind`, are those of the value. */
function fits(value: object, { type, properties = {} }: JsonSchema): boolean {
  if (type !== 'object') return false;
  const own = value as Record<string, unknown>;
  return Object.entries(properties).every(
    ([key, { const: constant }]) => constant === undefined || own[key] === constant,
  );
}

function knownPaths(schema: JsonSchema, path: string): string[] {
  const found = alternatives(schema).flatMap(({ properties = {}, items }) => [
    ...(items ? knownPaths(items, path) : []),
    ...Object.entries(properties).flatMap(([key, below]) => {
      const at = join(path, key);
      return [at, ...knownPaths(below, at)];
    }),
  ]);
  return [...new Set(found)];
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
