import type { Answer, Turn, Wire } from './model-server.ts';

interface Block {
  type: string;
  text?: string;
  content?: string | Block[];
}

interface Body {
  tools?: { name: string }[];
  messages?: { role: string; content: string | Block[] }[];
}

/** The Messages API as Claude Code uses it. */
export const claudeWire: Wire = messagesWire('Bash');

/** The Messages API as Copilot uses it. By itself its shell tool leaves a command alone after 30 s. */
export const copilotWire: Wire = messagesWire('bash', { initial_wait: 150 });

function messagesWire(shell: string, input: object = {}): Wire {
  return {
    read(request, raw) {
      if (request.method !== 'POST' || request.url?.split('?')[0] !== '/v1/messages')
        return undefined;
      const body = JSON.parse(raw) as Body;
      // Without the shell tool it is not a move: Claude Code asks for a title, or probes.
      if (!body.tools?.some((tool) => tool.name === shell)) return undefined;
      return turnOf(body);
    },

    events(answer, id) {
      const tool = !('say' in answer);
      const name = 'call' in answer ? answer.call : shell;
      const start = tool
        ? { type: 'tool_use', id: `toolu_${id}`, name, input: {} }
        : { type: 'text', text: '' };
      return [
        message({ type: 'message_start', message: emptyMessage(id) }),
        message({ type: 'content_block_start', index: 0, content_block: start }),
        message({ type: 'content_block_delta', index: 0, delta: delta(answer, input) }),
        message({ type: 'content_block_stop', index: 0 }),
        message({
          type: 'message_delta',
          delta: { stop_reason: tool ? 'tool_use' : 'end_turn', stop_sequence: null },
          usage: { output_tokens: 8 },
        }),
        message({ type: 'message_stop' }),
      ];
    },
  };
}

function turnOf(body: Body): Turn {
  const story = (body.messages ?? [])
    .filter(({ role }) => role === 'user')
    .flatMap(({ content }) => (typeof content === 'string' ? [textBlock(content)] : content))
    .flatMap(entryOf);
  return {
    said: story.flatMap((one) => ('said' in one ? [one.said] : [])),
    results: story.flatMap((one) => ('result' in one ? [one.result] : [])),
    story: story.filter((one) => !('said' in one && one.said.startsWith('<system-reminder>'))),
  };
}

function entryOf({ type, text, content }: Block): Turn['story'] {
  if (type === 'text') return text ? [{ said: text }] : [];
  if (type !== 'tool_result') return [];
  return [{ result: typeof content === 'string' ? content : joined(content) }];
}

function textBlock(text: string): Block {
  return { type: 'text', text };
}

function joined(blocks: Block[] = []): string {
  return blocks.map(({ text }) => text ?? '').join('');
}

function message(data: { type: string; [key: string]: unknown }) {
  return { event: data.type, data };
}

function emptyMessage(id: string): object {
  return {
    id: `msg_${id}`,
    type: 'message',
    role: 'assistant',
    model: 'claude-e2e',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 8, output_tokens: 1 },
  };
}

function delta(answer: Answer, more: object): object {
  if ('say' in answer) return { type: 'text_delta', text: answer.say };
  if ('call' in answer) {
    return { type: 'input_json_delta', partial_json: JSON.stringify(answer.input) };
  }
  const background = answer.background ? { run_in_background: true } : {};
  const input = { command: answer.run, description: 'scripted', ...background, ...more };
  return { type: 'input_json_delta', partial_json: JSON.stringify(input) };
}
