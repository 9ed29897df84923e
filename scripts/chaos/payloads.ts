import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostId } from '../../src/owner/identity.ts';
import { packageRoot } from '../../test/support/scratch.ts';

export type Payload = Record<string, unknown>;

/** A payload that a real client sent (test/fixtures). */
export interface Recorded {
  readonly host: HostId;
  readonly file: string;
  readonly event: string;
  readonly payload: Payload;
}

const fixtures = join(packageRoot, 'test/fixtures');

/** Every payload that was recorded from either host. */
export function recordedPayloads(): Recorded[] {
  const hosts: HostId[] = ['claude', 'codex'];
  return hosts.flatMap((host) =>
    readdirSync(join(fixtures, host))
      .filter((name) => name.endsWith('.json'))
      .sort()
      .flatMap((file) => {
        const { payload } = JSON.parse(readFileSync(join(fixtures, host, file), 'utf8'));
        const event = payload?.hook_event_name;
        return typeof event === 'string' ? [{ host, file, event, payload }] : [];
      }),
  );
}

/** As this session would have sent it, from this directory. */
export function sentBy({ payload }: Recorded, session: string, cwd: string): Payload {
  const transcript = join(cwd, `${session}.jsonl`);
  return { ...payload, session_id: session, cwd, transcript_path: transcript };
}

/** The plain end of a turn. */
export function plainStop(host: HostId): Recorded {
  const file = host === 'claude' ? 'print-Stop-plain.json' : 'exec-Stop.json';
  const found = recordedPayloads().find((one) => one.host === host && one.file === file);
  if (found === undefined) throw new Error(`expected ${host}/${file} among the recorded payloads`);
  return found;
}

/** A payload as a host writes it: one line. */
export function lineOf(payload: unknown): string {
  return `${JSON.stringify(payload)}\n`;
}
