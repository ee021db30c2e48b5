/** What a piece of a shell script is. */
export type TokenKind =
  | 'plain'
  | 'comment'
  | 'string'
  | 'variable'
  | 'keyword'
  | 'command'
  | 'heredoc'
  /** A character that cannot be seen, or that turns the direction of writing. */
  | 'hidden';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

const KEYWORDS = new Set(
  (
    'if then else elif fi for while until do done case esac in function select time ' +
    'return exit break continue export local readonly declare set unset shift trap eval exec source'
  ).split(' '),
);
/** After these a command begins. */
const LEADING = new Set(['if', 'then', 'else', 'elif', 'while', 'until', 'do', 'time', 'exec']);
const WORD_END = /[\s;&|()<>"'`$\\#]/;
const ASSIGNMENT = /^[A-Za-z_][A-Za-z0-9_]*\+?=/;
const HEREDOC = /<<(-?)[ \t]*(["']?)([A-Za-z_][A-Za-z0-9_]{0,63})\2/y;
const SIMPLE_VARIABLE = /\$(?:[A-Za-z_][A-Za-z0-9_]*|[0-9@*#?$!-])/y;
/** All controls but tab and line end, what reverses writing, and what has no width. */
const HIDDEN =
  /[\p{Cc}\u{ad}\u{200b}-\u{200f}\u{2028}-\u{202e}\u{2060}-\u{2064}\u{2066}-\u{2069}\u{feff}]/u;
const LINE_PARTS = /[^\n]+|\n/g;

interface Heredoc {
  readonly word: string;
  readonly hasTabs: boolean;
}

/**
 * The pieces of a shell script, line by line; put together they are the script again. It is a reading
 * for the eye, not a parse, and takes time in proportion to the length whatever the script is: scripts
 * come from strangers.
 */
export function linesOfScript(script: string): Token[][] {
  const lines: Token[][] = [[]];
  for (const { kind, text } of new Scanner(script).tokens()) {
    for (const part of text.match(LINE_PARTS) ?? []) {
      if (part === '\n') lines.push([]);
      else lines.at(-1)?.push(...shownHidden({ kind, text: part }));
    }
  }
  return lines;
}

/** True if something in it cannot be seen, or is shown in another order than it is run. */
export function hasHidden(script: string): boolean {
  return HIDDEN.test(script.replaceAll('\n', '').replaceAll('\t', ''));
}

/** `U+202E` */
export function hiddenName(char: string): string {
  return `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

function shownHidden(token: Token): Token[] {
  if (!hasHidden(token.text)) return [token];
  const tokens: Token[] = [];
  for (const char of token.text) {
    const kind = char !== '\t' && HIDDEN.test(char) ? 'hidden' : token.kind;
    const last = tokens.at(-1);
    if (last?.kind === kind && kind !== 'hidden') {
      tokens[tokens.length - 1] = { kind, text: last.text + char };
    } else {
      tokens.push({ kind, text: char });
    }
  }
  return tokens;
}

/** Goes over the script once, from left to right. */
class Scanner {
  readonly #text: string;
  #at = 0;
  /** What is open: a string in double quotes, or code in parentheses. */
  readonly #open: ('string' | 'code')[] = [];
  readonly #heredocs: Heredoc[] = [];
  #isCommandNext = true;

  constructor(text: string) {
    this.#text = text;
  }

  *tokens(): Generator<Token> {
    while (this.#at < this.#text.length) {
      const from = this.#at;
      const kind = this.#open.at(-1) === 'string' ? this.#inString() : this.#inCode();
      if (this.#at > from) yield { kind, text: this.#text.slice(from, this.#at) };
      if (this.#text[this.#at - 1] === '\n' && this.#heredocs.length > 0) yield this.#heredoc();
    }
  }

  #inString(): TokenKind {
    const char = this.#text[this.#at];
    if (char === '"') {
      this.#at += 1;
      this.#open.pop();
      return 'string';
    }
    if (char === '$' && this.#variable()) return 'variable';
    if (char === '\\') {
      this.#skip(2);
      return 'string';
    }
    this.#at += 1;
    while (this.#at < this.#text.length && !'"$\\'.includes(this.#text.charAt(this.#at))) {
      this.#at += 1;
    }
    return 'string';
  }

  #inCode(): TokenKind {
    const char = this.#text.charAt(this.#at);
    if (char === '#' && this.#isWordStart()) return this.#upTo('\n', 'comment');
    if (char === "'") {
      this.#at += 1;
      return this.#upToAfter("'");
    }
    if (char === '"') return this.#begin('string');
    if (char === '$' && this.#variable()) return 'variable';
    if (char === '<' && this.#isHeredocStart()) return 'variable';
    if (char === '\\') {
      this.#skip(2);
      return 'plain';
    }
    if (WORD_END.test(char)) return this.#sign(char);
    return this.#word();
  }

  #begin(what: 'string' | 'code'): TokenKind {
    this.#at += 1;
    this.#open.push(what);
    this.#isCommandNext = what === 'code';
    return what === 'string' ? 'string' : 'plain';
  }

  #sign(char: string): TokenKind {
    if (char === '(') return this.#begin('code');
    this.#at += 1;
    if (char === ')' && this.#open.at(-1) === 'code') {
      this.#open.pop();
      return this.#open.at(-1) === 'string' ? 'variable' : 'plain';
    }
    if ('\n;&|)'.includes(char)) this.#isCommandNext = true;
    return 'plain';
  }

  #word(): TokenKind {
    const from = this.#at;
    while (this.#at < this.#text.length && !WORD_END.test(this.#text.charAt(this.#at))) {
      this.#at += 1;
    }
    const word = this.#text.slice(from, this.#at);
    if (this.#isCommandNext && ASSIGNMENT.test(word)) return 'variable';
    const isFirst = this.#isCommandNext;
    this.#isCommandNext = word === '{' || word === '!' || (isFirst && LEADING.has(word));
    if (KEYWORDS.has(word) && (isFirst || word === 'in' || word === 'do')) return 'keyword';
    return isFirst && !'{}![]'.includes(word) ? 'command' : 'plain';
  }

  /** `$name`, `${…}` up to its brace on the line, or the beginning of `$(…)`. */
  #variable(): boolean {
    const next = this.#text[this.#at + 1];
    if (next === '(') {
      this.#at += 2;
      this.#open.push('code');
      this.#isCommandNext = true;
      return true;
    }
    this.#isCommandNext = false;
    if (next === '{') {
      while (this.#at < this.#text.length && !'}\n'.includes(this.#text.charAt(this.#at))) {
        this.#at += 1;
      }
      if (this.#text[this.#at] === '}') this.#at += 1;
      return true;
    }
    SIMPLE_VARIABLE.lastIndex = this.#at;
    const match = SIMPLE_VARIABLE.exec(this.#text);
    if (match === null) return false;
    this.#at += match[0].length;
    return true;
  }

  #isHeredocStart(): boolean {
    if (this.#text.startsWith('<<<', this.#at)) return this.#skip(3);
    HEREDOC.lastIndex = this.#at;
    const match = HEREDOC.exec(this.#text);
    if (match === null) return false;
    this.#heredocs.push({ word: match[3] ?? '', hasTabs: match[1] === '-' });
    return this.#skip(match[0].length);
  }

  /** All lines up to the one that has only the word, or to the end. */
  #heredoc(): Token {
    const heredoc = this.#heredocs.shift();
    const from = this.#at;
    while (this.#at < this.#text.length) {
      const end = this.#text.indexOf('\n', this.#at);
      const line = this.#text.slice(this.#at, end < 0 ? undefined : end);
      this.#at = end < 0 ? this.#text.length : end + 1;
      if ((heredoc?.hasTabs === true ? line.replace(/^\t+/, '') : line) === heredoc?.word) break;
    }
    this.#isCommandNext = true;
    return { kind: 'heredoc', text: this.#text.slice(from, this.#at) };
  }

  #isWordStart(): boolean {
    return this.#at === 0 || /[\s;&|()]/.test(this.#text.charAt(this.#at - 1));
  }

  #upTo(char: string, kind: TokenKind): TokenKind {
    const end = this.#text.indexOf(char, this.#at);
    this.#at = end < 0 ? this.#text.length : end;
    return kind;
  }

  #upToAfter(char: string): TokenKind {
    this.#upTo(char, 'string');
    this.#skip(1);
    this.#isCommandNext = false;
    return 'string';
  }

  #skip(count: number): true {
    this.#at = Math.min(this.#at + count, this.#text.length);
    return true;
  }
}
