import { type LogEntry, type LogFilter, readLog } from '../../gate/log.ts';
import { stateDir, statePaths } from '../../state/paths.ts';
import { plain, print, printJson } from '../print.ts';
import { table } from '../table.ts';

/** `gate log`: the newest decisions that the filter lets through, the newest last. */
export function showLog({
  limit,
  json,
  ...filter
}: LogFilter & { limit: number; json?: true }): void {
  const paths = statePaths(stateDir());
  const entries = readLog(paths, filter, Date.now()).slice(-limit);
  if (json) return printJson(entries.map(({ record, annotation }) => ({ ...record, annotation })));
  if (entries.length === 0) return print(`no decision like that in ${paths.gateLog}`);
  print(...table(HEAD, entries.map(cells)));
}

const HEAD = ['when', 'id', 'host', 'session', 'verdict', 'would', 'rule', 'build', 'ms', 'note'];

function cells({ record, annotation }: LogEntry): string[] {
  const { at, id, host, session, verdict, cause, would, rule, build, ms, error } = record;
  const why = plain(error, 60);
  return [
    plain(at),
    plain(id),
    plain(host),
    plain(session).slice(0, 8),
    `${plain(verdict)} ${plain(cause)}${why ? `: ${why}` : ''}`,
    wouldText(would),
    plain(rule),
    plain(build),
    plain(ms),
    annotation === null
      ? ''
      : `${annotation.judgement}${annotation.note ? `: ${plain(annotation.note, 60)}` : ''}`,
  ];
}

function wouldText(would: unknown): string {
  if (typeof would !== 'object' || would === null) return '';
  const { verdict, cause } = would as Record<string, unknown>;
  return `${plain(verdict)} ${plain(cause)}`;
}
