import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { messageOf } from '../errors.ts';
import { refuse } from './position.ts';
import type { Refusal } from './types.ts';

/** A settings file that is strict JSON: its text, and the tree with the position of every value. */
export interface Document {
  readonly kind: 'document';
  readonly text: string;
  /** Null: the file holds no value at all. */
  readonly root: Node | null;
}

/** Parses text as strictly as the hosts do; a refusal names the place of what they would not accept. */
export function parseDocument(text: string): Document | Refusal {
  const json = text.replace(/^\uFEFF/, ' ');
  if (/^[ \t\r\n]*$/.test(json)) return { kind: 'document', text, root: null };
  const errors: ParseError[] = [];
  try {
    const root = parseTree(json, errors, { disallowComments: true, allowTrailingComma: false });
    const strict = strictError(json);
    const first = errors[0];
    if (first !== undefined) return explain(text, first);
    if (strict !== null) return refuse(text, strict.offset, 'syntax', strict.message, REPAIR);
    if (root === undefined) return refuse(text, 0, 'syntax', 'this is not JSON', REPAIR);
    return { kind: 'document', text, root };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return refuse(text, 0, 'too-deep', 'the values are nested too deeply', 'Flatten the file.');
  }
}

const REPAIR = 'Repair the JSON there, then run the command again.';

function strictError(json: string): { offset: number; message: string } | null {
  try {
    JSON.parse(json);
    return null;
  } catch (error) {
    if (error instanceof RangeError) throw error;
    const offset = Number(/position (\d+)/.exec(messageOf(error))?.[1] ?? 0);
    return { offset, message: 'this is not strict JSON' };
  }
}

function explain(text: string, error: ParseError): Refusal {
  const name = printParseErrorCode(error.error);
  if (name === 'InvalidCommentToken') {
    const what = 'a comment, and the host drops a settings file that holds one';
    return refuse(text, error.offset, 'comment', what, 'Remove the comment.');
  }
  const comma = /,[ \t\r\n]*$/.exec(text.slice(0, error.offset));
  if (comma !== null && /[}\]]/.test(text.charAt(error.offset))) {
    const what = 'a trailing comma, and the host drops a settings file that holds one';
    return refuse(text, comma.index, 'trailing-comma', what, 'Remove the comma.');
  }
  return refuse(text, error.offset, 'syntax', NAMES[name] ?? 'a syntax error', REPAIR);
}

const NAMES: Readonly<Record<string, string>> = {
  InvalidSymbol: 'a word that JSON does not know',
  InvalidNumberFormat: 'a malformed number',
  PropertyNameExpected: 'a key in double quotes was expected',
  ValueExpected: 'a value was expected',
  ColonExpected: 'a colon was expected',
  CommaExpected: 'a comma was expected',
  CloseBraceExpected: 'a closing brace was expected',
  CloseBracketExpected: 'a closing bracket was expected',
  EndOfFileExpected: 'text after the end of the value',
  UnexpectedEndOfString: 'a string that does not end',
  UnexpectedEndOfNumber: 'a number that does not end',
  InvalidEscapeCharacter: 'an escape that JSON does not know',
  InvalidUnicode: 'a broken unicode escape',
  InvalidCharacter: 'a control character inside a string',
};
