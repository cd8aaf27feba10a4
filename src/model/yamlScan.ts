import { CST, Lexer } from 'yaml';

/**
 * A look at the tokens of a text that a stranger may have written, before the npm parser sees it: the parser needs seconds
 * to minutes for a megabyte of some nonsense (nested explicit keys, deep flows, an error in every third character), and the
 * controller has milliseconds.
 */

/** `tokens`: of one text. */
export const BOUNDS = { tokens: 600_000, depth: 32, dashes: 4, indent: 120 } as const;

/** What the lexer says before a plain or block scalar, a document, and an unclosed flow; none of it stands in the text. */
const [CONTENT_NEXT, DOCUMENT, FLOW_ERROR] = ['\u001f', '\u0002', '\u0018'];

/** Escapes of a double-quoted scalar (YAML 1.2, section 5.7); the group takes a backslash that begins none. */
const ESCAPE = /\\(?:["\\/0abefnrtv \tN_LP\r\n]|x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8})|(\\)/g;

function hasBadEscape(token: string): boolean {
  for (const match of token.matchAll(ESCAPE)) if (match[1] !== undefined) return true;
  return false;
}

const isQuoted = (type: string | null): boolean => type === 'double-quoted-scalar' || type === 'single-quoted-scalar';

/** Follows the tokens; each answers what is wrong with it, undefined while the text looks like a configuration. */
function follower() {
  let [tokens, flow, dashes, decorations] = [0, 0, 0, 0];
  let quoted = false;
  return (type: string | null, token: string, startsLine: boolean): string | undefined => {
    tokens++;
    if (tokens > BOUNDS.tokens) return `write it shorter: more than ${BOUNDS.tokens} tokens`;
    if (type === 'space') {
      const deep = startsLine && flow === 0 && token.length > BOUNDS.indent;
      return deep ? `indent by at most ${BOUNDS.indent} columns` : undefined;
    }
    if (type === 'explicit-key-ind') return 'write keys as "name: value", not after a question mark';
    if (isQuoted(type) && quoted) return 'put a comma or a colon between two texts';
    if (type === 'double-quoted-scalar' && hasBadEscape(token)) return 'write a backslash twice inside double quotes';
    quoted = isQuoted(type);
    if (type === 'flow-map-start' || type === 'flow-seq-start') flow++;
    if (type === 'flow-map-end' || type === 'flow-seq-end') flow--;
    dashes = type === 'seq-item-ind' ? dashes + 1 : 0;
    decorations = type === 'anchor' || type === 'tag' ? decorations + 1 : 0;
    if (flow > BOUNDS.depth || dashes > BOUNDS.dashes) return 'nest less deeply';
    return decorations > 2 ? 'leave the tags and anchors out' : undefined;
  };
}

export interface Scanned {
  readonly tokens: number;
  /** Where the text leaves what a configuration can look like; undefined when it stays inside. */
  readonly beyond: { readonly offset: number; readonly remedy: string } | undefined;
}

/** Never throws; stops at the first thing that is beyond the bounds. */
export function scanYaml(text: string): Scanned {
  const follow = follower();
  let offset = 0;
  let tokens = 0;
  let content = false;
  for (const token of new Lexer().lex(text)) {
    tokens++;
    const marker = token === CONTENT_NEXT || token === DOCUMENT || token === FLOW_ERROR;
    const startsLine = offset === 0 || text[offset - 1] === '\n';
    const remedy = follow(content ? 'content' : marker ? 'marker' : CST.tokenType(token), token, startsLine);
    if (remedy !== undefined) return { tokens, beyond: { offset, remedy } };
    content = token === CONTENT_NEXT;
    if (!marker) offset += token.length;
  }
  return { tokens, beyond: undefined };
}
