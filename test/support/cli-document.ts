/** One example of the document: what is typed, and what the terminal then shows. */
export interface Example {
  /** Line of the document, from 1. */
  readonly line: number;
  readonly script: string;
  /** The expected output; undefined if none is shown. */
  readonly answer: string | undefined;
}

/** A call of a canister's method by an example. */
export interface CanisterCall {
  readonly canister: string;
  readonly method: string;
}

const FENCE = /^```(\w*)$/;
const ANSWER = /^# ?(.*)$/;
/** Stands for anything, also nothing. */
const ANYTHING = '…';
const CALL = /\bicp canister call (\S+) (\w+)/g;
const LOOP = /\bfor (\w+) in ([\w -]+); do\b/;

/**
 * The examples in the `sh` blocks of a Markdown text, in order. In a block `# ` begins a line of the
 * answer to the lines above it; an empty line ends an example too. Errors: throws if an answer has
 * no command.
 */
export function examplesOf(markdown: string): readonly Example[] {
  const examples: Example[] = [];
  let block: string | undefined;
  let script: string[] = [];
  let answer: string[] = [];
  let line = 0;
  const end = (): void => {
    if (answer.length > 0 && script.length === 0)
      throw new Error(`line ${line}: nothing to answer`);
    if (script.length > 0) {
      const shown = answer.length === 0 ? undefined : answer.join('\n');
      examples.push({ line, script: script.join('\n'), answer: shown });
    }
    script = [];
    answer = [];
  };
  for (const [index, text] of markdown.split('\n').entries()) {
    const fence = FENCE.exec(text);
    if (fence !== null) {
      end();
      block = block === undefined ? fence[1] : undefined;
      continue;
    }
    if (block !== 'sh') continue;
    const answered = ANSWER.exec(text)?.[1];
    if (answered !== undefined) {
      answer.push(answered);
      continue;
    }
    if (answer.length > 0 || text.trim() === '') end();
    if (text.trim() === '') continue;
    if (script.length === 0) line = index + 1;
    script.push(text);
  }
  end();
  return examples;
}

/** The calls that a script makes; one in a `for` loop over canisters is one of each. */
export function callsOf({ script }: Example): readonly CanisterCall[] {
  const [, variable = '', words = ''] = LOOP.exec(script) ?? [];
  return [...script.matchAll(CALL)].flatMap(([, target = '', method = '']) => {
    const canisters = target === `$${variable}` ? words.split(' ') : [target];
    return canisters.map((canister) => ({ canister, method }));
  });
}

/**
 * Whether the output is the answer. `…` in the answer stands for anything; how the output is broken
 * into lines does not matter.
 */
export function isAnswer(output: string, answer: string): boolean {
  const pieces = answer.split(ANYTHING).map(plain);
  const shown = plain(output);
  const [first = '', ...rest] = pieces;
  const last = rest.pop();
  if (last === undefined) return shown === first;
  if (!shown.startsWith(first)) return false;
  let from = first.length;
  for (const piece of rest) {
    const at = shown.indexOf(piece, from);
    if (at < 0) return false;
    from = at + piece.length;
  }
  return shown.length - last.length >= from && shown.endsWith(last);
}

/** How much of the answer is not `…`, in characters. */
export function saidBy(answer: string): number {
  return answer.split(ANYTHING).map(plain).join('').length;
}

/** On one line, as `icp` prints what fits on one. */
function plain(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/\( /g, '(')
    .replace(/,? \)/g, ')')
    .replace(/; \}/g, ' }')
    .trim();
}

/**
 * Names of the methods in a Candid file's service, one a line as these files have them. Errors: throws
 * if that misses one.
 */
export function methodsOf(candid: string): readonly string[] {
  const [, service] = candid.split(/^service : \(\) -> \{$/m);
  if (service === undefined) throw new Error('no service');
  const code = service.replace(/\/\/.*$/gm, '');
  const names = [...code.matchAll(/^ {2}(\w+) : \(/gm)].map(([, name = '']) => name);
  const arrows = code.split('->').length - 1;
  if (names.length !== arrows) throw new Error(`${arrows} methods, but ${names.length} names`);
  return names;
}
