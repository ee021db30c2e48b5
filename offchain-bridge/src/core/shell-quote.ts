import { WorkError } from './work-error.ts';

/** A variable for a recipe. */
export interface NamedValue {
  readonly name: string;
  readonly value: string;
}

const NAME = /^[A-Z][A-Z0-9_]{0,63}$/;

/** One word of a POSIX shell that stands for exactly that text. Source: POSIX.1-2017, 2.2.2. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/**
 * Lines `NAME='…'` that a POSIX shell reads back exactly. Throws a `config` error, without the value, on
 * a name that is no variable, on one that is given twice, and on a value that no variable can hold.
 */
export function shellAssignments(values: readonly NamedValue[]): string {
  const seen = new Set<string>();
  const lines = values.map(({ name, value }) => {
    if (!NAME.test(name)) throw refused('is no name of a variable', name.slice(0, 64));
    if (seen.has(name)) throw refused('is given twice', name);
    if (value.includes('\0')) throw refused('holds a zero byte', name);
    seen.add(name);
    return `${name}=${shellQuote(value)}\n`;
  });
  return lines.join('');
}

function refused(trouble: string, name: string): WorkError {
  return new WorkError('config', `The input ${JSON.stringify(name)} of the recipe ${trouble}.`);
}
