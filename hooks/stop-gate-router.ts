import { join } from 'node:path';
import { type AskAuthority, route } from '../src/gate/router.ts';
import type { Host } from '../src/hosts/host.ts';
import { runHook } from '../src/io/run-hook.ts';
import { endIfRequested } from '../src/shutdown/after-verdict.ts';

/** Loads the authority's own bundle by its path, so that no stop without one pays for its code. */
const askWhenSet: AskAuthority = (stop, config) => {
  const { askAuthority }: { askAuthority: AskAuthority } = require(
    join(__dirname, 'authority.cjs'),
  );
  return askAuthority(stop, config);
};

const harmless = (host: Host) => host.renderVerdict({ decision: 'approve', cause: 'error' });

/** The one Stop entry that install registers: every gate, one verdict, one output. */
runHook('stop-gate-router', ['build', 'router'], harmless, async (event, paths, host, left) => {
  const settles = left.includes('build');
  const routed = await route(event, paths, askWhenSet, process.env, settles);
  await endIfRequested(event, paths, routed);
  // `build-stop` is registered as well and has spoken for the build gate.
  if (!settles && routed.gate === 'build') return { output: harmless(host), record: null };
  const said = { output: host.renderVerdict(routed.verdict), record: routed.record };
  return routed.verdict.cause === 'authority' ? { ...said, whenUnlogged: harmless(host) } : said;
});
