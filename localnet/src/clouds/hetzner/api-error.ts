/** Which fields of a request are wrong, and why. */
export type FieldMessages = Readonly<Record<string, readonly string[]>>;

/**
 * What the API answers instead of doing what it was asked. Codes and their meaning:
 * https://docs.hetzner.cloud/reference/cloud#errors
 */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;
  readonly details: unknown;

  constructor(status: number, code: string, message: string, details: unknown = null) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

/** `invalid_input` that names the fields. */
export function invalidInput(fields: FieldMessages): ApiError {
  const names = Object.keys(fields);
  const quoted = names.map((name) => `'${name}'`).join(', ');
  const message = `invalid input in ${names.length === 1 ? 'field' : 'fields'} ${quoted}`;
  const details = Object.entries(fields).map(([name, messages]) => ({ name, messages }));
  return new ApiError(422, 'invalid_input', message, { fields: details });
}

/** 404 for something that has an id. */
export function notFound(what: string, id: string): ApiError {
  return new ApiError(404, 'not_found', `${what} with ID '${id}' not found`);
}

/** Taken already within the project. */
export function notUnique(field: string, message: string): ApiError {
  return new ApiError(409, 'uniqueness_error', message, { fields: [{ name: field }] });
}

/** Another action is under way. */
export function locked(): ApiError {
  return new ApiError(423, 'locked', 'cannot perform operation because server is locked');
}

/** What was removed from the API. */
export function removedEndpoint(announcement: string): ApiError {
  const message = 'API functionality was removed';
  return new ApiError(410, 'deprecated_api_endpoint', message, { announcement });
}

/** Something that the API has and this simulator has not. */
export function notSimulated(what: string): ApiError {
  return new ApiError(422, 'unsupported_error', `${what}: not part of the simulated cloud`);
}
