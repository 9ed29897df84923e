import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/**
 * What the scripted model does next: end its turn with a text, run one shell command (in Claude, in the background), or
 * call a tool by its name.
 */
export type Answer =
  | { say: string }
  | { run: string; background?: true }
  | { call: string; input: object };

/** One request for the model's next move, reduced to what a script or an assertion looks at. */
export interface Turn {
  /** The texts a person or a hook sent in this conversation, oldest first. */
  said: string[];
  /** The results of the shell commands run so far, oldest first. */
  results: string[];
  /** Both in their order, without what the client itself adds to a prompt. */
  story: ({ said: string } | { result: string })[];
}

export type Script = (turn: Turn) => Answer | Promise<Answer>;

/** How one host asks for a move and how it wants the answer streamed. */
export interface Wire {
  /** Undefined when the request is not a move in a conversation (a title, a probe). */
  read(request: IncomingMessage, body: string): Turn | undefined;
  /** `id` is new for every answer, on any server: clients drop a tool call whose id they know. */
  events(answer: Answer, id: string): { event: string; data: object }[];
}

export interface ModelServer {
  url: string;
  turns: Turn[];
}

/** Serves a scripted model on loopback until the test ends, and records every move it is asked for. */
export async function startModelServer(wire: Wire, script: Script): Promise<ModelServer> {
  const turns: Turn[] = [];
  const server = createServer(async (request, response) => {
    const turn = wire.read(request, await bodyOf(request));
    if (turn) turns.push(turn);
    const answer = turn ? await move(script, turn) : { say: 'ok' };
    stream(response, wire.events(answer, randomUUID()));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${port}`, turns };
}

/** Answers in order; once the list is used up it repeats the last one. */
export function inOrder(answers: [Answer, ...Answer[]]): Script {
  let next = 0;
  return () => answers[Math.min(next++, answers.length - 1)] ?? answers[0];
}

/** Answers in order, and then with the second list again and again. */
export function thenForever(first: readonly Answer[], again: [Answer, ...Answer[]]): Script {
  let next = 0;
  return () => {
    const at = next++;
    return first[at] ?? again[(at - first.length) % again.length] ?? again[0];
  };
}

/** A script that throws ends the turn with its error, which the test then finds in the answer. */
async function move(script: Script, turn: Turn): Promise<Answer> {
  try {
    return await script(turn);
  } catch (error) {
    return { say: `the script failed: ${error}` };
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function stream(response: ServerResponse, events: { event: string; data: object }[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  for (const { event, data } of events) {
    response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }
  response.end();
}
