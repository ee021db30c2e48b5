/**
 * One JSON file of the parts that a canister exported. Lists that came in several parts are one list
 * again; everything else is kept as it came. Throws if a part is no JSON object.
 */
export function joinExport(parts: readonly string[], exportedAt: Date): string {
  const joined: Record<string, unknown> = { exported_at: exportedAt.toISOString() };
  for (const part of parts) {
    const value: unknown = JSON.parse(part);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new Error('A part of the export is not what it should be: nothing was saved.');
    }
    for (const [name, item] of Object.entries(value)) {
      const before = joined[name];
      joined[name] = isList(before) && isList(item) ? [...before, ...item] : item;
    }
  }
  return `${JSON.stringify(joined, undefined, 2)}\n`;
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
