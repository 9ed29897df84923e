import { machineId } from '../../owner/machine.ts';
import { livenessOf } from '../../owner/process.ts';
import { readRegistry } from '../../session/registry.ts';
import type { SessionRecord } from '../../session/schema.ts';
import { stateDir, statePaths } from '../../state/paths.ts';
import { print, printJson } from '../print.ts';
import { table } from '../table.ts';

interface Row {
  record: SessionRecord;
  status: string;
}

const HEAD = ['session', 'host', 'status', 'tmux', 'last', 'kept', 'where'];
const SHOWN = 200;

/**
 * `session list`: every record, newest first; a person sees the newest 200. Only processes are looked up; what tmux says
 * is in the report.
 */
export function listRecords(flags: { json?: true }): void {
  const paths = statePaths(stateDir());
  const { records, unreadable } = readRegistry(paths);
  const rows = records
    .toSorted((a, b) => b.lastActivityAt.localeCompare(a.lastActivityAt))
    .map((record): Row => ({ record, status: statusOf(record) }));
  if (flags.json) {
    const sessions = rows.map(({ record, status }) => ({ ...record, status }));
    return printJson({ schema: 1, sessions, unreadable });
  }
  if (rows.length === 0) print(`no sessions in ${paths.sessions}`);
  else print(...table(HEAD, rows.slice(0, SHOWN).map(cells)));
  if (rows.length > SHOWN) print(`… and ${rows.length - SHOWN} older; all of them with --json`);
  for (const { path, why } of unreadable) print(`cannot be read: ${path} (${why})`);
}

/** `live`, `stopped`, `lost` (its process is gone and the host never said so), or `unknown`. */
function statusOf({ status, agent, daemon, machine }: SessionRecord): string {
  if (status === 'stopped') return 'stopped';
  if (machine !== machineId()) return 'unknown';
  if (agent === null) return livenessOf(daemon ?? null) === 'dead' ? 'lost' : 'unknown';
  const liveness = livenessOf(agent);
  return { alive: 'live', dead: 'lost', unknown: 'unknown' }[liveness];
}

function cells({ record, status }: Row): string[] {
  const { sessionId, host, pane, lastActivityAt, retained, cwd } = record;
  const kept = retained?.reason ?? '';
  return [sessionId, host, status, pane?.sessionName ?? '', lastActivityAt, kept, cwd];
}
