// A tool server on stdio with two tools, `hand_off` and `look`; either fails when it is asked to (`how: "flag"` by the
// error flag of its result, `how: "protocol"` by an error of the protocol).
import { createInterface } from 'node:readline';

const properties = { how: { type: 'string' } };
const tool = (name) => ({ name, description: name, inputSchema: { type: 'object', properties } });

const METHODS = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: 'worker', version: '1.0.0' },
  }),
  'tools/list': () => ({ tools: [tool('hand_off'), tool('look')] }),
  'tools/call': ({ name, arguments: { how } = {} }) => {
    if (how === 'protocol') throw new Error('nobody takes it');
    const text = how === 'flag' ? 'nobody takes it' : `${name}: done`;
    return { content: [{ type: 'text', text }], ...(how === 'flag' ? { isError: true } : {}) };
  },
};

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params = {} } = JSON.parse(line);
  if (id === undefined) return;
  const answer = { jsonrpc: '2.0', id };
  try {
    answer.result = METHODS[method]?.(params) ?? {};
  } catch (error) {
    answer.error = { code: -32000, message: error.message };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
});
