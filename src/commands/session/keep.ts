import { userInfo } from 'node:os';
import { StopgateError } from '../../errors.ts';
import { OTHER_AGENTS } from '../../owner/agent-kind.ts';
import { lookAtCaller } from '../../owner/caller.ts';
import { nameOf } from '../../session/report/describe.ts';
import { itemsOf } from '../../session/report/items.ts';
import { named } from '../../session/report/named.ts';
import { probe } from '../../session/report/probe.ts';
import { type Mark, retain } from '../../session/retain.ts';
import { stateDir, statePaths } from '../../state/paths.ts';
import { print, printJson } from '../print.ts';

interface Flags {
  dryRun?: true;
  json?: true;
}

/** `session keep NAME --reason T`: nothing acts on it until it is released. */
export async function keepNamed(name: string, flags: Flags & { reason: string }): Promise<void> {
  const reason = flags.reason.trim();
  if (reason === '') {
    throw new StopgateError('usage', 'The reason is empty: expected why it is to be kept.', {
      exitCode: 2,
    });
  }
  const retained = { by: caller(), at: new Date().toISOString(), reason };
  const mark: Mark = { retained, released: null };
  const what = await change(name, mark, flags.dryRun === true);
  if (flags.json) printJson({ schema: 1, name: what, dryRun: flags.dryRun === true, ...mark });
  else print(`${flags.dryRun ? 'would keep' : 'kept'}  ${what}: ${reason}`);
}

/** `session release NAME`: takes a keep back, and says that the session is not needed any more. */
export async function releaseNamed(name: string, flags: Flags): Promise<void> {
  const released = { by: caller(), at: new Date().toISOString() };
  const mark: Mark = { retained: null, released };
  const what = await change(name, mark, flags.dryRun === true);
  if (flags.json) printJson({ schema: 1, name: what, dryRun: flags.dryRun === true, ...mark });
  else print(`${flags.dryRun ? 'would release' : 'released'}  ${what}`);
}

async function change(name: string, mark: Mark, dryRun: boolean): Promise<string> {
  const paths = statePaths(stateDir());
  const world = await probe(paths);
  const item = named(name, itemsOf(world, { at: world.at, olderThanMs: null }));
  if (!dryRun) retain(paths, item, mark);
  return nameOf(item);
}

/** The session or the agent that runs this, else the person. */
function caller(): string {
  const { me, other } = lookAtCaller();
  if (other !== null) return OTHER_AGENTS[other];
  return me.sessionId ? `${me.host} session ${me.sessionId}` : userInfo().username;
}
