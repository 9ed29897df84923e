import Table from 'cli-table3';
import type { Defect } from './attack.ts';

/** What one attack came to. */
export interface Outcome {
  name: string;
  title: string;
  /** Why it did not run, or null. */
  skipped: string | null;
  counts: Record<string, number>;
  seconds: number;
  defects: Defect[];
}

export interface Report {
  schema: 1;
  version: string;
  seed: number;
  short: boolean;
  node: string;
  platform: string;
  at: string;
  seconds: number;
  attacks: Outcome[];
}

/** Prints what was tried and every defect, within 80 columns. */
export function show(report: Report): void {
  const table = new Table({
    head: ['attack', 'tried', 'seconds', 'defects', 'seen'],
    colWidths: [12, 8, 9, 9, 36],
    colAligns: ['left', 'right', 'right', 'right', 'left'],
    wordWrap: true,
    style: { head: [], border: [], compact: true },
  });
  for (const { name, skipped, counts, seconds, defects } of report.attacks) {
    const { tried = 0, ...others } = counts;
    const seen = Object.entries(others).map(([what, times]) => `${what}: ${times}`);
    const found = defects.reduce((sum, { times }) => sum + times, 0);
    table.push([name, tried, Math.round(seconds), found, skipped ?? seen.join(', ')]);
  }
  console.log(`stopgate ${report.version}, seed ${report.seed}, Node ${report.node}`);
  console.log(table.toString());
  for (const defect of report.attacks.flatMap(({ defects }) => defects)) {
    const { attack, what, times, detail } = defect;
    console.log(`\n${attack}: ${what} (${times} times)\n  first: ${defect.case}\n  ${detail}`);
    console.log(`  ${again(report.seed, defect)}`);
  }
}

/** The command that plays the first case of a defect again. */
export function again(seed: number, { attack, case: name }: Defect): string {
  const text = `'${name.replaceAll("'", String.raw`'\''`)}'`;
  return `npm run chaos -- --seed ${seed} --only ${attack} --case ${text}`;
}
