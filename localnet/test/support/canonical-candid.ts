/**
 * The methods of a Candid service description, with names of types replaced by what they stand for
 * and fields in alphabetical order: equal texts mean equal types. Knows what the descriptions of
 * third parties here use; throws on anything else.
 */
export function canonicalMethods(candid: string): ReadonlyMap<string, string> {
  return new CandidReader(candid).methods();
}

const TOKEN = /\s+|\/\/[^\n]*|("[^"]*"|->|[A-Za-z_]\w*|[{}();:=,])/gy;
const MODES = new Set(['query', 'composite_query', 'oneway']);

class CandidReader {
  readonly #tokens: readonly string[];
  readonly #types = new Map<string, string>();
  #at = 0;

  constructor(text: string) {
    const tokens: string[] = [];
    let end = 0;
    for (const match of text.matchAll(TOKEN)) {
      end = match.index + match[0].length;
      if (match[1] !== undefined) tokens.push(match[1].replaceAll('"', ''));
    }
    if (end !== text.length) throw new Error(`not understood: ${text.slice(end, end + 20)}`);
    this.#tokens = tokens;
  }

  methods(): ReadonlyMap<string, string> {
    while (this.#peek() === 'type') this.#definition();
    this.#take('service');
    this.#take(':');
    this.#take('{');
    const methods = new Map<string, string>();
    while (this.#peek() !== '}') {
      const name = this.#next();
      this.#take(':');
      methods.set(name, this.#signature());
      if (this.#peek() === ';') this.#next();
    }
    return methods;
  }

  #definition(): void {
    this.#take('type');
    const name = this.#next();
    this.#take('=');
    this.#types.set(name, this.#type());
    this.#take(';');
  }

  #signature(): string {
    const args = this.#list();
    this.#take('->');
    const results = this.#list();
    const modes: string[] = [];
    while (MODES.has(this.#peek())) modes.push(this.#next());
    return [`${args} -> ${results}`, ...modes].join(' ');
  }

  #list(): string {
    this.#take('(');
    const types: string[] = [];
    while (this.#peek() !== ')') {
      types.push(this.#type());
      if (this.#peek() === ',') this.#next();
    }
    this.#take(')');
    return `(${types.join(', ')})`;
  }

  #type(): string {
    const word = this.#next();
    if (word === 'opt' || word === 'vec') return `${word} ${this.#type()}`;
    if (word === 'blob') return 'vec nat8';
    if (word === 'record' || word === 'variant') return `${word} ${this.#fields()}`;
    return this.#types.get(word) ?? word;
  }

  #fields(): string {
    this.#take('{');
    const fields: string[] = [];
    while (this.#peek() !== '}') {
      const name = this.#next();
      const hasType = this.#peek() === ':';
      if (hasType) this.#next();
      fields.push(`${name} : ${hasType ? this.#type() : 'null'}`);
      if (this.#peek() === ';') this.#next();
    }
    this.#take('}');
    return `{ ${fields.sort().join('; ')} }`;
  }

  #peek(): string {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw new Error('the description ends early');
    return token;
  }

  #next(): string {
    const token = this.#peek();
    this.#at += 1;
    return token;
  }

  #take(expected: string): void {
    const found = this.#next();
    if (found !== expected) throw new Error(`expected ${expected}, found ${found}`);
  }
}
