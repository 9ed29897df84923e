import type { SessionRecord } from '../session/schema.ts';

/** True when somebody holds the session on purpose: `stopgate session keep`. */
export function isKept(record: SessionRecord | null): boolean {
  return record?.retained != null;
}
