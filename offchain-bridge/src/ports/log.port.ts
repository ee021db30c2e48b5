/** What goes with a line; values whose names say that they are secret are never printed. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** One line of structured log per call. */
export interface Log {
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields & { readonly error?: string }, message: string): void;
  /** The same log with fields that every line of it has. */
  child(fields: LogFields): Log;
}
