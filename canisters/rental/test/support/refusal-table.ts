import type { Principal } from '@dfinity/principal';
import { OPERATOR } from '@decent-cloud/localnet/testing/world.ts';
import type { _SERVICE as Rental } from '../../../../dist/canisters/rental/declarations/rental.did.ts';
import * as busy from './busy-market.ts';
import { AUTHOR, BRIDGE, RENTER, SELLER } from './market.ts';
import { STRANGER } from './rental-world.ts';

/**
 * A leaf: its name (`NotAllowed`), the argument that breaks a rule (`limit`), or the leaf with what it
 * carries.
 */
export type Leaf = string | object;

/** A call that is refused: why, with what, and by whom if not by who may. */
export type Refused<Method extends keyof Rental> = readonly [
  leaf: Leaf,
  args: Parameters<Rental[Method]>,
  by?: Principal,
];

/** All that is to be refused of one method. */
export interface Refusals<Method extends keyof Rental> {
  /** Who may not, with arguments that are in order. */
  readonly callers?: Readonly<Record<string, readonly Principal[]>>;
  readonly wrong?: readonly Refused<Method>[];
}

export type RefusalTable = { readonly [Method in keyof Rental]: Refusals<Method> };

const ANON = { NotAuthenticated: [busy.ANONYMOUS] };

/** Nobody may who has no account. */
export const NEEDS_ACCOUNT = { ...ANON, NotFound: [busy.NEWCOMER] };
export const NEEDS_LOGIN = ANON;
export const NEEDS_SELLER = {
  ...ANON,
  NotAllowed: [STRANGER, RENTER, AUTHOR, BRIDGE, busy.IDLE, OPERATOR],
};
/** What another seller has is not there for it. */
export const OWN_OF_SELLER = { ...NEEDS_SELLER, NotFound: [busy.RIVAL] };
export const OWN_OF_AUTHOR = {
  ...ANON,
  NotAllowed: [STRANGER, SELLER, RENTER, BRIDGE, busy.RIVAL, OPERATOR],
};
export const OWN_OF_RENTER = {
  ...ANON,
  NotFound: [STRANGER, SELLER, AUTHOR, BRIDGE, busy.RIVAL, OPERATOR],
};
/** Strangers are no agents; others are, but not for this. */
export const NEEDS_AGENT = {
  ...ANON,
  NotAllowed: [STRANGER, RENTER, SELLER, busy.REVOKED, OPERATOR],
};
export const OWN_OF_AGENT = {
  ...ANON,
  NotAllowed: [...NEEDS_AGENT.NotAllowed, busy.IDLE, busy.EXPIRED, busy.RIVAL_BRIDGE],
};
export const NEEDS_PLATFORM_AGENT = {
  ...ANON,
  NotAllowed: [...NEEDS_AGENT.NotAllowed, busy.RIVAL_BRIDGE, busy.EXPIRED],
};
export const NEEDS_OPERATOR = {
  ...ANON,
  NotAllowed: [STRANGER, RENTER, SELLER, AUTHOR, BRIDGE, busy.RIVAL],
};
export const NEEDS_PARTY = {
  ...ANON,
  NotAllowed: [STRANGER, AUTHOR, busy.RIVAL, busy.RIVAL_BRIDGE],
};

export const LONG = 'x'.repeat(70_000);
export const NOBODY = 2n ** 64n - 1n;

/** Requests of pages that have no rows, or more than `max`. */
export function badLimits<Args extends [unknown, ...unknown[]]>(
  make: (limit: number) => Args,
  max = 50,
): [Leaf, Args][] {
  return [0, max + 1, 2 ** 32 - 1].map((limit) => ['limit', make(limit)]);
}
