import type { z } from 'zod';
import { ApiError, invalidInput } from '../api-error.ts';

const MISSING = 'Missing data for required field.';

/** A request's body as a schema wants it. Errors: `ApiError` that names the fields. */
export function readFields<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body, { reportInput: true });
  if (result.success) return result.data;
  const fields: Record<string, string[]> = {};
  for (const issue of result.error.issues) {
    const [name] = issue.path;
    if (name === undefined) throw new ApiError(422, 'invalid_input', 'invalid input');
    const message = issue.input === undefined && issue.path.length === 1 ? MISSING : issue.message;
    (fields[String(name)] ??= []).push(message);
  }
  throw invalidInput(fields);
}
