/** A session id is the host's text: what could not be a file name is named by its hash. */
export function fileName(sessionId: string): string {
  if (/^[A-Za-z0-9_-]{1,100}$/.test(sessionId)) return sessionId;
  const { createHash } = process.getBuiltinModule('node:crypto');
  return createHash('sha256').update(sessionId).digest('hex');
}
