import { stopRecord } from '../src/gate/record.ts';
import { judgeStop } from '../src/gate/stop.ts';
import { runHook } from '../src/io/run-hook.ts';

/** The build gate alone, as a Stop hook. */
runHook('build-stop', (event, paths) => {
  const judgement = judgeStop(event, paths);
  return { verdict: judgement.decision.verdict, record: stopRecord(judgement) };
});
