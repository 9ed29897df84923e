import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CliRun } from './cli.ts';
import type { Scratch } from './scratch.ts';
import type { TmuxServer } from './tmux-server.ts';
import { until } from './until.ts';

let runs = 0;

/** Runs a command line in a shell that a person sits at: a new tmux session, with no agent above it. */
export async function asPerson(
  place: Scratch,
  server: TmuxServer,
  command: string,
): Promise<CliRun> {
  const at = join(place.root, `person${runs++}`);
  const pane = await server.session(`person${runs}`);
  const line = `cd '${place.project}' && ${command} >'${at}.out' 2>'${at}.err'; echo $? >'${at}.code'`;
  await server.type(pane, line);
  await until(`"${command}" to end`, () => existsSync(`${at}.code`) && read(at, 'code') !== '');
  return { code: Number(read(at, 'code')), stdout: read(at, 'out'), stderr: read(at, 'err') };
}

function read(at: string, what: string): string {
  return readFileSync(`${at}.${what}`, 'utf8');
}
