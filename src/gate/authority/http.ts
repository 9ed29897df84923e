import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { rootCertificates } from 'node:tls';
import { readText } from '../../state/read-file.ts';
import type { Reply } from './command.ts';

const MAX_BYTES = 64 * 1024;
const CERTIFICATE_BYTES = 4 * 1024 * 1024;

/**
 * Asks a person's own endpoint by POST, directly: an agent of its own knows no proxy, and a redirect is a failure. The
 * address is never part of a failure's words, for it may hold a secret.
 */
export function askHttp(url: string, question: string, deadline: number): Promise<Reply> {
  return new Promise((resolve) => {
    let sent: ReturnType<typeof open> = null;
    const settle = (reply: Reply) => {
      clearTimeout(timer);
      resolve(reply);
      sent?.destroy();
    };
    const fail = (why: string) => settle({ kind: 'failed', why: `the endpoint: ${why}` });
    const timeoutMs = Math.max(0, deadline - Date.now());
    const timer = setTimeout(() => fail(`no answer within ${timeoutMs} ms`), timeoutMs);
    sent = open(url, question);
    if (sent === null) return fail('neither http: nor https:');
    sent.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? 'the request failed'));
    sent.on('response', (response) => {
      if (response.statusCode !== 200) return fail(`status ${response.statusCode}`);
      collect(response, settle, fail);
    });
    sent.end(question);
  });
}

function open(url: string, question: string) {
  const { protocol } = new URL(url);
  const options = {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(question),
      accept: 'application/json',
    },
  };
  if (protocol === 'https:')
    return requestHttps(url, { ...options, agent: new HttpsAgent(trusted()) });
  if (protocol === 'http:') return requestHttp(url, { ...options, agent: new HttpAgent() });
  return null;
}

/** The launcher keeps a person's own certificates from the start of Node: they count here all the same. */
function trusted(): { ca?: string[] } {
  const extra = process.env.NODE_EXTRA_CA_CERTS;
  return extra ? { ca: [...rootCertificates, readText(extra, CERTIFICATE_BYTES)] } : {};
}

function collect(
  response: IncomingMessage,
  settle: (reply: Reply) => void,
  fail: (why: string) => void,
): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) return fail(`more than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  });
  response.on('error', () => fail('the answer was cut short'));
  response.on('aborted', () => fail('the answer was cut short'));
  response.on('end', () => settle({ kind: 'text', text: Buffer.concat(chunks).toString() }));
}
