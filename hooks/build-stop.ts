import { stopRecord } from '../src/gate/record.ts';
import { judgeStop } from '../src/gate/stop.ts';
import { runHook } from '../src/io/run-hook.ts';

/** The build gate alone, as a Stop hook. */
runHook(
  'build-stop',
  (host) => host.renderVerdict({ decision: 'approve', cause: 'error' }),
  (event, paths, host) => {
    const judgement = judgeStop(event, paths);
    const output = host.renderVerdict(judgement.decision.verdict);
    return { output, record: stopRecord(judgement) };
  },
);
