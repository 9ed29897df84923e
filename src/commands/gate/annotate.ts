import { StopgateError } from '../../errors.ts';
import { type Annotation, addAnnotation } from '../../gate/annotations.ts';
import { readLog } from '../../gate/log.ts';
import { stateDir, statePaths } from '../../state/paths.ts';
import { plain, print } from '../print.ts';

/** `gate annotate`: refuses what the log does not have. @throws StopgateError `no-record`. */
export function annotate(id: string, judgement: Annotation['judgement'], note?: string): void {
  const paths = statePaths(stateDir());
  const now = new Date();
  const entry = readLog(paths, {}, now.getTime()).find(({ record }) => record.id === id);
  if (!entry) {
    throw new StopgateError(
      'no-record',
      `There is no decision "${plain(id)}" in ${paths.gateLog}.`,
      {
        hint: 'The ids are in the second column of: stopgate gate log',
      },
    );
  }
  addAnnotation(paths, id, { at: now.toISOString(), judgement, note: note ?? null });
  const { verdict, cause } = entry.record;
  print(`${id} (${plain(verdict)} ${plain(cause)}): ${judgement}`);
}
