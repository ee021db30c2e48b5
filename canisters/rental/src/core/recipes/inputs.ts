import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import type { FieldType, HealthCheck, RecipeField } from './recipe.ts';
import { isWhole, textTrouble, type Refusal } from '../text-rules.ts';

/** What a renter said to a recipe's fields. Secrets are elsewhere, sealed; here are their names. */
export interface RentalInputs {
  readonly values: readonly InputValue[];
  readonly secretNames: readonly string[];
}

export interface InputValue {
  readonly name: string;
  readonly value: string;
}

const MAX_INPUTS = 64;
const MAX_NAME = 64;
const MAX_VALUE = 4_096;
const MAX_PORT = 65_535;
const LONGEST_NUMBER = 16;

/** Of a bare machine, or of a recipe that asks for nothing. */
export const NO_INPUTS: RentalInputs = { values: [], secretNames: [] };

/** Counts and lengths, before anything is spent on them. */
export function boundInputs({ values, secretNames }: RentalInputs): Result<null, Refusal> {
  if (values.length + secretNames.length > MAX_INPUTS) {
    return refuse(`must be at most ${MAX_INPUTS}`);
  }
  const names = [...values.map(({ name }) => name), ...secretNames];
  if (names.some((name) => name.length > MAX_NAME)) return refuse('a name is too long');
  if (new Set(names).size !== names.length) return refuse('a name is given twice');
  const isLong = values.some(({ value }) => value.length > MAX_VALUE);
  return isLong ? refuse(`a value is longer than ${MAX_VALUE} characters`) : ok(null);
}

/**
 * What the script will run with: a value for every field that has one, in the order of the fields,
 * defaults filled in. Unknown names, missing or wrong values are refused by name. Two ports are never
 * the same.
 */
export function checkInputs(asked: {
  readonly fields: readonly RecipeField[];
  readonly inputs: RentalInputs;
}): Result<RentalInputs, Refusal> {
  const { fields, inputs } = asked;
  const bounded = boundInputs(inputs);
  if (bounded.kind === 'err') return bounded;
  const unknown = unknownName(fields, inputs);
  if (unknown !== undefined) return refuse(`this recipe asks for no ${unknown}`);
  const given = new Map(inputs.values.map(({ name, value }) => [name, value]));
  const secrets = new Set(inputs.secretNames);
  const values: InputValue[] = [];
  const secretNames: string[] = [];
  for (const field of fields) {
    const checked = checkField(field, { value: given.get(field.name), secrets });
    if (checked.kind === 'err') return checked;
    if (checked.value !== undefined) values.push({ name: field.name, value: checked.value });
    if (secrets.has(field.name)) secretNames.push(field.name);
  }
  const ports = portsOf(fields, values);
  if (new Set(ports.values()).size !== ports.size) return refuse('two ports are the same');
  return ok({ values, secretNames });
}

/**
 * For another version of the recipe: what was given before for fields that it still has and that
 * still take it, replaced by what is given now.
 */
export function carriedInputs(change: {
  readonly fields: readonly RecipeField[];
  readonly before: RentalInputs;
  readonly now: RentalInputs;
}): RentalInputs {
  const { fields, before, now } = change;
  const byName = new Map(fields.map((field) => [field.name, field]));
  const replaced = new Set([...now.values.map(({ name }) => name), ...now.secretNames]);
  const isKept = (name: string, value: string | undefined): boolean => {
    const field = byName.get(name);
    if (field === undefined || replaced.has(name)) return false;
    if (value === undefined) return field.fieldType.kind === 'secret';
    return valueRule(field.fieldType, value) === undefined;
  };
  return {
    values: [...before.values.filter(({ name, value }) => isKept(name, value)), ...now.values],
    secretNames: [
      ...before.secretNames.filter((name) => isKept(name, undefined)),
      ...now.secretNames,
    ],
  };
}

/** The check with the ports that the renter chose instead of their defaults. */
export function healthWith(
  health: HealthCheck,
  { fields, values }: { readonly fields: readonly RecipeField[] } & Pick<RentalInputs, 'values'>,
): HealthCheck {
  if (health.kind === 'command') return health;
  const field = fields.find(
    ({ fieldType: type }) => type.kind === 'port' && type.default === health.port,
  );
  const chosen = field === undefined ? undefined : portsOf(fields, values).get(field.name);
  return { ...health, port: chosen ?? health.port };
}

function portsOf(
  fields: readonly RecipeField[],
  values: readonly InputValue[],
): ReadonlyMap<string, number> {
  const names = new Set(
    fields.filter(({ fieldType: type }) => type.kind === 'port').map(({ name }) => name),
  );
  const ports = values.filter(({ name }) => names.has(name));
  return new Map(ports.map(({ name, value }) => [name, Number(value)]));
}

function unknownName(fields: readonly RecipeField[], inputs: RentalInputs): string | undefined {
  const kinds = new Map(fields.map(({ name, fieldType: type }) => [name, type.kind]));
  const takesValue = (name: string) => {
    const kind = kinds.get(name);
    return kind !== undefined && kind !== 'secret' && kind !== 'generated-secret';
  };
  const value = inputs.values.find(({ name }) => !takesValue(name));
  const secret = inputs.secretNames.find((name) => kinds.get(name) !== 'secret');
  if (value !== undefined) return `value ${JSON.stringify(value.name)}`;
  return secret === undefined ? undefined : `secret ${JSON.stringify(secret)}`;
}

function checkField(
  { name, fieldType: type, isRequired }: RecipeField,
  given: { readonly value: string | undefined; readonly secrets: ReadonlySet<string> },
): Result<string | undefined, Refusal> {
  switch (type.kind) {
    case 'generated-secret':
      return ok(undefined);
    case 'secret': {
      const isMissing = isRequired && !given.secrets.has(name);
      return isMissing ? refuse(`${name} must be given, sealed`) : ok(undefined);
    }
    case 'text':
    case 'number':
    case 'choice':
    case 'port': {
      const value = given.value ?? type.default.toString();
      if (type.kind === 'text' && value === '') {
        return isRequired ? refuse(`${name} must be given`) : ok('');
      }
      const rule = valueRule(type, value);
      return rule === undefined ? ok(value) : refuse(`${name} ${rule}`);
    }
  }
}

/** The rule that a value breaks, in words that follow the field's name. */
function valueRule(type: FieldType, value: string): string | undefined {
  switch (type.kind) {
    case 'text': {
      const rule = { argument: 'inputs', max: type.maxLength, hasLines: true };
      return textTrouble(value, rule)?.rule;
    }
    case 'number':
      return numberRule(value, { from: type.min, to: type.max });
    case 'port':
      return numberRule(value, { from: 1, to: MAX_PORT });
    case 'choice':
      return type.options.includes(value) ? undefined : `must be one of ${type.options.join(', ')}`;
    case 'secret':
    case 'generated-secret':
      return 'takes no value that can be read';
  }
}

/** One spelling for each number, so that scripts need not expect others. */
function numberRule(
  value: string,
  range: { readonly from: number; readonly to: number },
): string | undefined {
  const isNumber = value.length <= LONGEST_NUMBER && Number(value).toString() === value;
  if (isNumber && isWhole(Number(value), range)) return undefined;
  return `must be a whole number from ${range.from} to ${range.to}`;
}

function refuse(rule: string) {
  return err({ argument: 'inputs', rule });
}
