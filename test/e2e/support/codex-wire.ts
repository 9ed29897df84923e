import type { Answer, Turn, Wire } from './model-server.ts';

interface Item {
  type: string;
  role?: string;
  content?: { text?: string }[];
  output?: unknown;
}

interface Body {
  tools?: { name?: string }[];
  input?: Item[];
}

/** The Responses API as Codex uses it. */
export const codexWire: Wire = {
  read(request, raw) {
    if (request.method !== 'POST' || request.url !== '/v1/responses') return undefined;
    const body = JSON.parse(raw) as Body;
    // Without the shell tool it is not a move: Codex asks for a title of the session.
    if (!body.tools?.some(({ name }) => name === 'exec_command')) return undefined;
    return turnOf(body.input ?? []);
  },

  events(answer, id) {
    const response = { id: `resp_${id}` };
    return [
      { event: 'response.created', data: { type: 'response.created', response } },
      {
        event: 'response.output_item.done',
        data: { type: 'response.output_item.done', item: item(answer, id) },
      },
      {
        event: 'response.completed',
        data: { type: 'response.completed', response: { ...response, usage } },
      },
    ];
  },
};

const usage = {
  input_tokens: 8,
  input_tokens_details: null,
  output_tokens: 8,
  output_tokens_details: null,
  total_tokens: 16,
};

function turnOf(input: Item[]): Turn {
  const story = input.flatMap(entriesOf);
  return {
    said: story.flatMap((one) => ('said' in one ? [one.said] : [])),
    results: story.flatMap((one) => ('result' in one ? [one.result] : [])),
    story: story.filter(
      (one) => !('said' in one && /^<(environment_context|user_instructions)>/.test(one.said)),
    ),
  };
}

function entriesOf({ type, role, content = [], output }: Item): Turn['story'] {
  if (type === 'message' && role === 'user') {
    return content.flatMap(({ text }) => (text === undefined ? [] : [{ said: text }]));
  }
  if (type !== 'function_call_output') return [];
  return [{ result: typeof output === 'string' ? output : JSON.stringify(output) }];
}

function item(answer: Answer, id: string): object {
  if ('say' in answer) {
    const content = [{ type: 'output_text', text: answer.say }];
    return { type: 'message', role: 'assistant', id: `msg_${id}`, content };
  }
  return { type: 'function_call', call_id: `call_${id}`, ...callOf(answer) };
}

/** The tools of a tool server `mcp__server__tool` and those for subagents are in name spaces of their own. */
function callOf(answer: Exclude<Answer, { say: string }>): object {
  if ('run' in answer) {
    return { name: 'exec_command', arguments: JSON.stringify({ cmd: answer.run }) };
  }
  const [, namespace, name = answer.call] =
    /^(mcp__.+?|multi_agent_v1)__(.+)$/.exec(answer.call) ?? [];
  return { ...(namespace && { namespace }), name, arguments: JSON.stringify(answer.input) };
}
