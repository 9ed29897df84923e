import type { Request } from './request.ts';

/** The reason that a record keeps of a session that stopgate ended. */
export function exitReasonOf({ role, tool }: Pick<Request, 'role' | 'tool'>): string {
  return `shutdown-after-idle: role ${role}, tool ${tool}`;
}
