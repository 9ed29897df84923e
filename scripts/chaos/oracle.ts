import type { HostId } from '../../src/owner/identity.ts';
import { fileName } from '../../src/session/file-name.ts';
import type { Called } from './agent.ts';
import { changesBetween, type Snapshot } from './files.ts';

/** The entries that answer a stop; all others only keep records. */
export const STOP_ENTRIES: readonly string[] = ['stop-gate-router', 'build-stop'];

/** Beyond this a host has given up on a hook of ours: the timeout that is registered for a Stop. */
export const BOUND_MS = 10_000;

/** No hook of ours needs a quarter of this. */
const BOUND_RSS_KB = 600_000;

/** The reason of a block is at most this long (the design's bound). */
const REASON_BYTES = 2_048;

/** A record of the log is a line that a person reads. */
const RECORD_CHARACTERS = 16_384;

export interface Answer {
  decision?: unknown;
  reason?: unknown;
}

export interface Heard {
  answer: Answer | null;
  problems: string[];
}

/** Judges how a hook ended: exit 0, one JSON object that this host accepts, in time, and nothing left running. */
export function hear(host: HostId, entry: string, ran: Called): Heard {
  const problems: string[] = [];
  const say = (bad: boolean, what: string) => bad && problems.push(what);
  const { code, signal, ms, timedOut, rssKb, left, killed } = ran;
  say(timedOut, 'the hook never ended');
  if (!timedOut && !killed) {
    say(code !== 0, `the hook ended with ${signal ?? code}`);
    say(ms > BOUND_MS, 'the hook took longer than its timeout');
  }
  say(rssKb > BOUND_RSS_KB, 'the hook took more than 600 MB');
  say(left.length > 0, 'the hook left a process running');
  if (timedOut || killed) return { answer: parse(ran.stdout), problems };
  const answer = parse(ran.stdout);
  if (answer === null) problems.push('stdout is not one JSON object');
  else problems.push(...wrongIn(answer, host, entry));
  return { answer, problems };
}

/** True for an answer that holds the session. */
export function isBlock(answer: Answer | null): boolean {
  return answer?.decision === 'block';
}

/** What a host would reject in an answer, or obey though nobody meant it (docs/hosts.md, Stop output). */
function wrongIn(answer: Answer, host: HostId, entry: string): string[] {
  const stops = STOP_ENTRIES.includes(entry);
  const known = new Set(stops ? STOP_KEYS : SESSION_KEYS);
  const wrong = Object.keys(answer)
    .filter((key) => !known.has(key))
    .map((key) => `unknown key ${key}`);
  const { decision, reason } = answer;
  if (decision === undefined) return wrong;
  const words = host === 'claude' ? ['approve', 'block'] : ['block'];
  if (!words.includes(String(decision))) wrong.push(`decision ${decision}`);
  if (decision !== 'block') return wrong;
  if (typeof reason !== 'string' || reason.trim() === '') wrong.push('a block without a reason');
  else if (Buffer.byteLength(reason) > REASON_BYTES) wrong.push('a reason of more than 2 KB');
  return wrong;
}

const STOP_KEYS = ['decision', 'reason', 'systemMessage'];
const SESSION_KEYS = ['hookSpecificOutput', 'systemMessage'];

function parse(stdout: string): Answer | null {
  if (!/^\{.*\}\n?$/s.test(stdout)) return null;
  try {
    return JSON.parse(stdout);
  } catch {
    return null;
  }
}

export interface Allowed {
  /** The session that the payload names, or null when it names none. */
  session: string | null;
  /** The builds that this session owns. */
  builds: readonly string[];
  /** Paths that the fault itself changed, or whose content it may cost. */
  spoiled?: readonly string[];
}

const STATE = 'home/.local/state/stopgate/';
const DATA = 'home/.local/share/stopgate/';

/** What a call changed that was not its own to change, and whatever it left in the way of others. */
export function trespasses(before: Snapshot, after: Snapshot, allowed: Allowed): string[] {
  const problems: string[] = [];
  for (const path of changesBetween(before, after)) {
    if (isOwn(path, allowed, before, after)) continue;
    const place = path.startsWith(STATE) ? path.slice(STATE.length) : path;
    problems.push(`it changed ${kindOf(place)}: ${place}`);
  }
  const records = newLines(before, after);
  if (records.length > 1) problems.push(`it wrote more than one log record: ${records.length}`);
  if (records.some((line) => line.length > RECORD_CHARACTERS)) problems.push('a huge log record');
  return problems;
}

/** The lines that were added to the gate's log. */
export function newLines(before: Snapshot, after: Snapshot): string[] {
  const path = `${STATE}events/gate.jsonl`;
  const [old, now] = [before, after].map((all) => all.get(path)?.bytes.toString() ?? '');
  if (old === undefined || now === undefined) return [];
  return (now.startsWith(old) ? now.slice(old.length) : '')
    .split('\n')
    .filter((line) => line !== '');
}

function isOwn(path: string, allowed: Allowed, before: Snapshot, after: Snapshot): boolean {
  if (allowed.spoiled?.some((one) => path === one || path.startsWith(`${one}.corrupt-`)))
    return true;
  // Damaged compiled code is thrown away (templates/launcher.sh).
  if (path.startsWith(`${DATA}versions/`) && path.includes('/code/')) return true;
  if (!path.startsWith(STATE)) return false;
  const place = path.slice(STATE.length);
  if (after.get(path)?.kind === 'dir' && !before.has(path)) return true;
  if (place.startsWith('events/'))
    return isAppended(before.get(path)?.bytes, after.get(path)?.bytes);
  if (place.startsWith('runtime/calls/')) return true;
  if (isSetAside(place, allowed)) return true;
  if (allowed.builds.some((id) => place === `builds/${id}.json` || place === `armed/stop/${id}`)) {
    return after.has(path);
  }
  return allowed.session !== null && place.includes(fileName(allowed.session));
}

/** A build that cannot be read any more holds nobody, so it is disarmed. */
function isSetAside(place: string, { spoiled = [] }: Allowed): boolean {
  const id = /^armed\/stop\/(.*)$/.exec(place)?.[1];
  return id !== undefined && spoiled.some((path) => path.endsWith(`/builds/${id}.json`));
}

function isAppended(old: Buffer | undefined, now: Buffer | undefined): boolean {
  const before = old ?? Buffer.alloc(0);
  return now?.subarray(0, before.length).equals(before) === true;
}

function kindOf(place: string): string {
  if (place.startsWith('locks/')) return 'a lock (it left it behind)';
  if (place.endsWith('.tmp')) return 'a temporary file (it left it behind)';
  if (place.startsWith('builds/')) return "somebody else's build";
  if (place.startsWith('sessions/')) return "somebody else's session";
  if (place.startsWith('armed/')) return 'what the launcher looks at';
  return 'a file that is not its own';
}
