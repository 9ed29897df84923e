import pc from 'picocolors';

type Env = Readonly<Record<string, string | undefined>>;

export type Colour = 'red' | 'green' | 'yellow';

/** Paints for a stream that is a terminal, and for one that is none only where FORCE_COLOR asks for it. */
export function coloursFor(
  stream: { readonly isTTY?: boolean },
  env: Env = process.env,
): Readonly<Record<Colour, (text: string) => string>> {
  const isWanted = Boolean(env.FORCE_COLOR) || (stream.isTTY === true && env.TERM !== 'dumb');
  return pc.createColors(isWanted && !env.NO_COLOR);
}
