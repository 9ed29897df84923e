import { createInterface } from 'node:readline/promises';
import { rendered } from './print.ts';

/** True when a person sits in front of this command. */
export function isTerminal(): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true;
}

/** Asks a question that is answered by yes or no; just Enter takes the default, and so does nothing else. */
export async function question(text: string, byDefault: boolean): Promise<boolean> {
  const asked = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const closed = new Promise<null>((resolve) => asked.once('close', () => resolve(null)));
    const choices = byDefault ? '[Y/n]' : '[y/N]';
    const answer = await Promise.race([asked.question(`${rendered([text])} ${choices} `), closed]);
    if (answer === null) return false;
    const word = answer.trim().toLowerCase();
    return word === '' ? byDefault : word === 'y' || word === 'yes';
  } finally {
    asked.close();
  }
}
