import type { Rental } from '../api/wire.ts';

/** What was typed into a recipe's fields, by the field's name; secrets are kept apart. */
export type FieldValues = Readonly<Record<string, string>>;

const MAX_PORT = 65_535n;
const WHOLE = /^(0|-?[1-9]\d{0,17})$/;
/** Controls but line ends and tabs, and what reverses the direction of writing. */
const HIDDEN = /[^\P{Cc}\n\t]|[\u{202a}-\u{202e}\u{2066}-\u{2069}]/u;
/** What is sealed may be 16 KiB; the rest of it is age's own. */
const MAX_SECRETS_BYTES = 15 * 1_024;

/** Whether the renter types the field's value, so that it is not secret. */
function isPlain({ field_type: type }: Rental.RecipeField): boolean {
  return !('Secret' in type) && !('GeneratedSecret' in type);
}

export function isSecret({ field_type: type }: Rental.RecipeField): boolean {
  return 'Secret' in type;
}

/** Whether the machine makes the value and seals it to the renter. */
export function isGenerated({ field_type: type }: Rental.RecipeField): boolean {
  return 'GeneratedSecret' in type;
}

/** The recipe's own default as text; empty for secrets. */
export function defaultOf({ field_type: type }: Rental.RecipeField): string {
  if ('Text' in type) return type.Text.default;
  if ('Number' in type) return type.Number.default.toString();
  if ('Choice' in type) return type.Choice.default;
  if ('Port' in type) return type.Port.default.toString();
  return '';
}

/** What every field begins with, by name. */
export function defaultsOf(fields: readonly Rental.RecipeField[]): Record<string, string> {
  return Object.fromEntries(fields.filter(isPlain).map((field) => [field.name, defaultOf(field)]));
}

/** What is wrong with a value, in words that stand alone; undefined if nothing is. */
export function fieldError(field: Rental.RecipeField, value: string): string | undefined {
  const { field_type: type, is_required: isRequired } = field;
  if ('GeneratedSecret' in type) return undefined;
  if ('Secret' in type) return secretError(value, isRequired);
  if ('Text' in type) return textError(value, { isRequired, max: type.Text.max_length });
  if ('Choice' in type) {
    return type.Choice.options.includes(value) ? undefined : 'Choose one of the list.';
  }
  if (value === '' && !isRequired) return undefined;
  if ('Port' in type) return numberError(value, { min: 1n, max: MAX_PORT });
  return numberError(value, type.Number);
}

/** Every field that has something wrong, by name. Two ports are never the same. */
export function fieldErrors(
  fields: readonly Rental.RecipeField[],
  typed: { readonly values: FieldValues; readonly secrets: FieldValues },
): ReadonlyMap<string, string> {
  const errors = new Map<string, string>();
  const ports = new Map<string, string>();
  for (const field of fields) {
    const from = isSecret(field) ? typed.secrets : typed.values;
    const value = from[field.name] ?? defaultOf(field);
    const error = fieldError(field, value);
    if (error !== undefined) errors.set(field.name, error);
    if (!('Port' in field.field_type)) continue;
    const port = value === '' ? defaultOf(field) : value;
    const other = ports.get(port);
    if (other !== undefined) errors.set(field.name, `${other} has this port already.`);
    ports.set(port, field.label);
  }
  if (secretBytes(fields, typed.secrets).length > MAX_SECRETS_BYTES) {
    const last = fields.findLast(isSecret);
    if (last !== undefined) errors.set(last.name, 'All secrets together are at most 15 KB.');
  }
  return errors;
}

/** What the rental canister is told: values that were typed, and the names of secrets, no more. */
export function rentInputs(
  fields: readonly Rental.RecipeField[],
  typed: { readonly values: FieldValues; readonly secrets: FieldValues },
): Rental.RentalInputs {
  const values = fields.filter(isPlain).flatMap((field) => {
    const value = typed.values[field.name] ?? defaultOf(field);
    const isLeftOut = value === '' && !('Text' in field.field_type);
    return isLeftOut ? [] : [{ name: field.name, value }];
  });
  return { values, secret_names: secretNames(fields, typed.secrets) };
}

/** What is sealed to the agent: a JSON object of names and texts, in UTF-8. */
export function secretBytes(
  fields: readonly Rental.RecipeField[],
  secrets: FieldValues,
): Uint8Array {
  const named = secretNames(fields, secrets).map((name) => [name, secrets[name] ?? '']);
  return new TextEncoder().encode(JSON.stringify(Object.fromEntries(named)));
}

function secretNames(fields: readonly Rental.RecipeField[], secrets: FieldValues): string[] {
  return fields
    .filter((field) => isSecret(field) && (secrets[field.name] ?? '') !== '')
    .map(({ name }) => name);
}

function secretError(value: string, isRequired: boolean): string | undefined {
  if (value === '') return isRequired ? 'The recipe cannot run without it.' : undefined;
  return value.includes('\0') ? 'It holds a character that cannot be used.' : undefined;
}

function textError(
  value: string,
  rule: { readonly isRequired: boolean; readonly max: number },
): string | undefined {
  if (value === '') return rule.isRequired ? 'The recipe cannot run without it.' : undefined;
  if (value.length > rule.max) {
    return `At most ${rule.max} characters; these are ${value.length}.`;
  }
  return HIDDEN.test(value) ? 'It holds a character that cannot be seen: type it anew.' : undefined;
}

function numberError(
  value: string,
  { min, max }: { readonly min: bigint; readonly max: bigint },
): string | undefined {
  const isNumber = WHOLE.test(value) && BigInt(value) >= min && BigInt(value) <= max;
  return isNumber ? undefined : `A whole number from ${min.toString()} to ${max.toString()}.`;
}
