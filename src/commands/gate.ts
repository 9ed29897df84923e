import { Argument, Command } from 'commander';
import { ANNOTATIONS, type Annotation } from '../gate/annotations.ts';
import { MODES, type Mode } from '../gate/mode.ts';
import { durationArgument } from './duration-argument.ts';
import { annotate } from './gate/annotate.ts';
import { showLog } from './gate/log.ts';
import { changeMode, turnKillSwitch } from './gate/mode.ts';
import { showReport } from './gate/report.ts';
import { countArgument } from './number-argument.ts';

/** `stopgate gate …`: flags only; what each one does is in `commands/gate/`. */
export function gateCommand(): Command {
  const gate = new Command('gate');

  gate
    .command('mode')
    .description('show or set what the gates do here: nothing, only watch, or hold')
    .addArgument(new Argument('[mode]', 'without it: show').choices([...MODES, 'default']))
    .option('--project', 'for this working tree alone, instead of everywhere')
    .option('--json', 'for programs')
    .action((mode: Mode | 'default' | undefined, flags: { project?: true; json?: true }) =>
      changeMode(mode, flags),
    );

  gate
    .command('kill')
    .description('turn every gate off everywhere, or give them back their modes')
    .addArgument(new Argument('<state>', 'on: every gate is off').choices(['on', 'off']))
    .option('--json', 'for programs')
    .action((state: 'on' | 'off', flags: { json?: true }) => turnKillSwitch(state === 'on', flags));

  gate
    .command('log')
    .description('list the decisions at stops, the newest last')
    .option('--since <duration>', 'no older than this: 90s, 15m, 2h, 7d, 4w', durationArgument)
    .option('--session <id>', 'of this session; the beginning of its id is enough')
    .option('--build <id>', 'about this build; the beginning of its id is enough')
    .option('--limit <n>', 'so many at most', countArgument, 50)
    .option('--json', 'for programs')
    .action(showLog);

  gate
    .command('annotate')
    .description('say whether a decision was right; the last word counts')
    .argument('<id>', 'of the decision, from the second column of gate log')
    .addArgument(new Argument('<judgement>', 'of the decision').choices([...ANNOTATIONS]))
    .option('--note <text>', 'why')
    .action((id: string, judgement: Annotation['judgement'], flags: { note?: string }) =>
      annotate(id, judgement, flags.note),
    );

  gate
    .command('report')
    .description('sum the decisions up: blocks, releases, agreement, latency')
    .option('--since <duration>', 'no older than this: 90s, 15m, 2h, 7d, 4w', durationArgument)
    .option('--json', 'for programs')
    .action(showReport);
  return gate;
}
