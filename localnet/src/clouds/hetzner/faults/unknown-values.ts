/** A copy in which those fields, wherever they are texts, have values that no client knows. */
export function withUnknownValues(value: unknown, fields: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((one) => withUnknownValues(one, fields));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]: [string, unknown]) =>
      fields.includes(key) && typeof inner === 'string'
        ? [key, `unheard_of_${key}`]
        : [key, withUnknownValues(inner, fields)],
    ),
  );
}
