import { readLog } from '../../gate/log.ts';
import { type Counts, type GateReport, reportOf, type ShadowCount } from '../../gate/report.ts';
import type { Spread } from '../../gate/spread.ts';
import { stateDir, statePaths } from '../../state/paths.ts';
import { plain, print, printJson } from '../print.ts';
import { table } from '../table.ts';

/** `gate report`: what the decisions in the log came to. */
export function showReport({ since, json }: { since?: number; json?: true }): void {
  const report = reportOf(readLog(statePaths(stateDir()), { since }, Date.now()));
  if (json) return printJson(report);
  if (report.decisions === 0) return print('no decision is in the log');
  print(...describe(report));
}

function describe(report: GateReport): string[] {
  const { shadow, latency, annotations } = report;
  const spreads = [...(latency.whole ? [['whole', latency.whole] as const] : [])];
  const rows = [...spreads, ...Object.entries(latency.steps)].map(([step, spread]) => [
    plain(step),
    ...timesOf(spread),
  ]);
  return [
    `decisions  ${report.decisions}, from ${plain(report.from)} to ${plain(report.to)}`,
    `blocks     ${counted(report.blocks)}`,
    `releases   ${counted(report.releases)}`,
    `caps       ${counted(report.caps)}`,
    `errors     ${report.errors}`,
    `others     ${counted(report.otherHosts)}`,
    `authority  ${counted(report.authority)}; breaker openings: ${report.breakerOpenings}`,
    `annotated  ${annotations.correct} correct, ${annotations.incorrect} incorrect, ${annotations.unclear} unclear`,
    `shadow     ${shadowText('would block', shadow.block)}; ${shadowText('would approve', shadow.approve)}`,
    `agreement  ${shadow.agreement === null ? 'nothing in shadow is annotated' : percent(shadow.agreement)}`,
    '',
    ...table(['latency (ms)', 'n', 'p50', 'p95', 'max'], rows),
  ];
}

function counted(counts: Counts): string {
  const entries = Object.entries(counts);
  if (entries.length === 0) return '0';
  const sum = entries.reduce((total, [, count]) => total + count, 0);
  return `${sum} (${entries.map(([name, count]) => `${plain(name)} ${count}`).join(', ')})`;
}

function shadowText(what: string, { decisions, correct, incorrect }: ShadowCount): string {
  return `${what} ${decisions} (${correct} right, ${incorrect} wrong)`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} % of what is annotated correct or incorrect`;
}

function timesOf({ count, p50, p95, max }: Spread): string[] {
  return [count, p50, p95, max].map(String);
}
