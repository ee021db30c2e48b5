import type { FieldType, RecipeField } from './recipe.ts';
import { firstTrouble, isMadeOf, isWhole, textTrouble, type Trouble } from '../text-rules.ts';

const MAX_FIELDS = 24;
const MAX_NAME = 40;
const MAX_LABEL = 80;
const MAX_HELP = 300;
const MAX_TEXT = 4_096;
const MAX_DEFAULT = 400;
const OPTIONS = { most: 20, longest: 60 };
const SECRET = { from: 12, to: 128 };
const PORT = { from: 1, to: 65_535 };
/** Far beyond what is asked for, and exact in every language that a script may be written in. */
const NUMBER = { from: -(10 ** 12), to: 10 ** 12 };

const CAPITALS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const DIGITS = '0123456789';
/** Variables that say how a shell works, or that the bridge sets itself. */
const RESERVED = ['PATH', 'HOME', 'SHELL', 'USER', 'LOGNAME', 'PWD', 'IFS', 'ENV', 'BASH_ENV'];
const RESERVED_STARTS = ['LD_', 'DC_', 'BASH_'];

/** What a version asks its renter for. */
export function fieldsTrouble(fields: readonly RecipeField[]): Trouble {
  if (fields.length > MAX_FIELDS) return wrong(`must be at most ${MAX_FIELDS}`);
  const isTwice = new Set(fields.map(({ name }) => name)).size < fields.length;
  if (isTwice) return wrong('a name is given twice');
  const ports = fields.flatMap(({ fieldType: type }) =>
    type.kind === 'port' ? [type.default] : [],
  );
  if (new Set(ports).size < ports.length) return wrong('two ports have one default');
  return firstTrouble(fields, fieldTrouble);
}

/** True for the name of a variable: `[A-Z][A-Z0-9_]*`, up to 40 characters. */
function isFieldName(name: string): boolean {
  const isLong = name.length < 1 || name.length > MAX_NAME;
  return !isLong && isMadeOf(name.charAt(0), CAPITALS) && isMadeOf(name, `${CAPITALS}${DIGITS}_`);
}

function fieldTrouble({ name, label, help, fieldType: type }: RecipeField): Trouble {
  if (!isFieldName(name)) {
    return wrong(`a name must be 1 to ${MAX_NAME} capital letters, digits and _, a letter first`);
  }
  const isReserved = RESERVED.includes(name) || RESERVED_STARTS.some((it) => name.startsWith(it));
  if (isReserved) return wrong(`${name} is the name of a variable with another meaning`);
  return (
    named(name, textTrouble(label, { argument: 'label', min: 1, max: MAX_LABEL })) ??
    named(name, textTrouble(help, { argument: 'help', max: MAX_HELP, hasLines: true })) ??
    named(name, typeTrouble(type))
  );
}

function typeTrouble(type: FieldType): Trouble {
  switch (type.kind) {
    case 'text':
      return maxLengthTrouble(type.maxLength) ?? defaultTrouble(type);
    case 'number':
      return numberTrouble(type);
    case 'choice':
      return choiceTrouble(type);
    case 'secret':
      return undefined;
    case 'generated-secret':
      return isWhole(type.length, SECRET)
        ? undefined
        : { argument: 'length', rule: `must be ${SECRET.from} to ${SECRET.to}` };
    case 'port':
      return isWhole(type.default, PORT)
        ? undefined
        : { argument: 'default', rule: `must be ${PORT.from} to ${PORT.to}` };
  }
}

function maxLengthTrouble(maxLength: number): Trouble {
  if (isWhole(maxLength, { from: 1, to: MAX_TEXT })) return undefined;
  return { argument: 'max_length', rule: `must be 1 to ${MAX_TEXT}` };
}

function defaultTrouble(type: { readonly default: string; readonly maxLength: number }): Trouble {
  const max = Math.min(type.maxLength, MAX_DEFAULT);
  return textTrouble(type.default, { argument: 'default', max, hasLines: true });
}

function numberTrouble({ min, max, default: start }: FieldType & { kind: 'number' }): Trouble {
  const range = `${NUMBER.from} to ${NUMBER.to}`;
  if (!isWhole(min, NUMBER)) return { argument: 'min', rule: `must be ${range}` };
  if (!isWhole(max, { from: min, to: NUMBER.to })) {
    return { argument: 'max', rule: `must be at least min and within ${range}` };
  }
  if (isWhole(start, { from: min, to: max })) return undefined;
  return { argument: 'default', rule: 'must be between min and max' };
}

function choiceTrouble({ options, default: start }: FieldType & { kind: 'choice' }): Trouble {
  const isSet = new Set(options).size === options.length;
  if (!isSet || !isWhole(options.length, { from: 1, to: OPTIONS.most })) {
    return { argument: 'options', rule: `must be 1 to ${OPTIONS.most}, each once` };
  }
  const rule = { argument: 'options', min: 1, max: OPTIONS.longest };
  const trouble = firstTrouble(options, (option) => textTrouble(option, rule));
  if (trouble !== undefined || options.includes(start)) return trouble;
  return { argument: 'default', rule: 'must be one of the options' };
}

function named(name: string, trouble: Trouble): Trouble {
  return trouble && wrong(`${name}: ${trouble.argument} ${trouble.rule}`);
}

function wrong(rule: string): Trouble {
  return { argument: 'fields', rule };
}
