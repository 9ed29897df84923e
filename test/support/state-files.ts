import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Build, buildSchema } from '../../src/build/schema.ts';
import type { Scratch } from './scratch.ts';

/** The path of the one state file; fails when there is not exactly one. */
export function stateFile({ paths }: Scratch): string {
  const files = readdirSync(paths.builds).filter((name) => name.endsWith('.json'));
  const [only, ...others] = files;
  if (!only || others.length > 0) throw new Error(`expected one build, found ${files.length}`);
  return join(paths.builds, only);
}

export function readState(place: Scratch): Build {
  return buildSchema.parse(JSON.parse(readFileSync(stateFile(place), 'utf8')));
}

/** One record of the gate's event log, as far as tests read it. */
export interface GateRecord {
  at: string;
  id: string;
  host: string;
  session?: string;
  build?: string | null;
  verdict: 'approve' | 'block';
  cause: string;
  entry?: string;
  row?: number | null;
  facts?: string[];
  error?: string;
  notes?: string[];
  problems?: string[];
  bound?: string;
  would?: { verdict: string; cause: string };
  mode?: { build: string; authority: string };
  steps?: Record<string, number>;
}

/** Every record, oldest first; none when nothing was logged. */
export function gateRecords({ paths }: Scratch): GateRecord[] {
  let text: string;
  try {
    text = readFileSync(paths.gateLog, 'utf8');
  } catch {
    return [];
  }
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as GateRecord);
}
