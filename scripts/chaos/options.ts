import { parseArgs } from 'node:util';

export interface Options {
  short: boolean;
  json: boolean;
  writeDocs: boolean;
  seed: number;
  minutes: number;
  only: string[];
  case: string | null;
}

export const USAGE = `npm run chaos -- [options]

  --short         the form that CI runs: a sample of each attack, under a minute
  --minutes M     stop after about M minutes (default 20); attacks share them
  --only ATTACK   only this attack; repeatable
  --case TEXT     only the cases whose name holds TEXT
  --seed N        play the same cases again (default: another each time)
  --json          print JSON
  --write-docs    write docs/reliability.md from this run
`;

/** Reads the command line; a wrong word throws with what is expected. */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      short: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      'write-docs': { type: 'boolean', default: false },
      seed: { type: 'string' },
      minutes: { type: 'string', default: '20' },
      only: { type: 'string', multiple: true, default: [] },
      case: { type: 'string' },
    },
  });
  return {
    short: values.short,
    json: values.json,
    writeDocs: values['write-docs'],
    seed: numberOf('--seed', values.seed ?? String(Date.now() % 1_000_000)),
    minutes: numberOf('--minutes', values.minutes),
    only: values.only,
    case: values.case ?? null,
  };
}

function numberOf(name: string, text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value >= 0) return value;
  throw new Error(`${name}: expected a number, found ${text}`);
}
