import { readFileSync } from 'node:fs';

const NAME = 'STOPGATE_PAYLOAD_HEAD';

/**
 * Takes what the launcher read of the payload to tell the session (templates/launcher.sh) out of the environment, so that
 * no child of this process has it. Every byte comes back as it was sent, also of a character that was cut in two.
 */
export function takePayloadHead(env: Record<string, string | undefined> = process.env): Buffer {
  const text = env[NAME] ?? '';
  if (text === '') return Buffer.alloc(0);
  delete env[NAME];
  return text.includes('\uFFFD') ? (rawBytes() ?? Buffer.from(text)) : Buffer.from(text);
}

/** The environment's own bytes, where the system shows them. */
function rawBytes(): Buffer | null {
  try {
    const all = Buffer.concat([Buffer.of(0), readFileSync('/proc/self/environ')]);
    const start = all.indexOf(`\0${NAME}=`) + NAME.length + 2;
    return all.subarray(start, all.indexOf(0, start));
  } catch {
    return null;
  }
}
