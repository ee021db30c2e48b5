import { Principal } from '@dfinity/principal';
import * as z from 'zod/mini';

const methodSchema = z.enum(['google', 'passkey', 'seed-phrase']);
const knownSchema = z.object({
  method: methodSchema,
  principalText: z.string().check(z.refine(isPrincipal)),
  /** Its account's number, once it was seen. */
  account: z.optional(z.string().check(z.regex(/^\d+$/))),
});

/** A login that was used in this browser. It says who, and gives access to nothing. */
export type KnownLogin = z.infer<typeof knownSchema>;

/** The login as it was kept; undefined for none, and for what is malformed. */
export function readKnownLogin(text: string | null): KnownLogin | undefined {
  if (text === null) return undefined;
  try {
    return knownSchema.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isPrincipal(text: string): boolean {
  try {
    return Principal.fromText(text).toText() === text;
  } catch {
    // How the parser says that it is none.
    return false;
  }
}

/** Minutes without anybody there until keys are closed. */
export const LOCK_MINUTES = [1, 5, 15, 60] as const;
export type LockMinutes = (typeof LOCK_MINUTES)[number];
const DEFAULT_MINUTES: LockMinutes = 15;

export function readLockMinutes(text: string | null): LockMinutes {
  return LOCK_MINUTES.find((minutes) => String(minutes) === text) ?? DEFAULT_MINUTES;
}

/**
 * Whether the login is of another account than the one that was used here before: then what that person
 * looks for is not there. Unknown as long as either account was not seen.
 */
export function isOtherAccount(before: KnownLogin | undefined, now: KnownLogin): boolean {
  if (before === undefined || before.principalText === now.principalText) return false;
  if (before.account === undefined) return false;
  return before.account !== now.account;
}
