import type { Unexpected } from '@decent-cloud/kit/errors/common-errors.ts';
import { resultWires } from '@decent-cloud/kit/wire/result-wire.ts';
import {
  count,
  list,
  nanoseconds,
  nat,
  optional,
  principal,
  text,
  union,
} from '@decent-cloud/kit/wire/wire.ts';
import type { RequestLeaf, TemporaryLeaf } from '../../flows/rental-errors.ts';

const request = union<RequestLeaf>({
  'not-authenticated': {},
  'not-allowed': {},
  'not-found': {},
  'invalid-argument': { argument: text },
  'not-configured': {},
  'wrong-state': { state: text },
  'stale-lease': {},
  'out-of-order': { expected: count },
  conflict: {},
  'quota-exceeded': { limit: count },
  'catalogue-stale': { readAt: optional(nanoseconds) },
  'not-orderable': { reason: text, alternatives: list(count) },
  'offering-unavailable': { reason: text },
  'recipe-unavailable': { reason: text },
  archived: { archive: principal },
  'unknown-token': {},
  'token-disabled': {},
  'quote-expired': { expiredAt: nanoseconds },
  'amount-above-max': { amount: nat },
  'price-moved': {},
  'insufficient-allowance': { needed: nat },
  'insufficient-funds': { balance: nat },
  'ledger-fee-changed': { fee: nat },
  'payment-refused': { reason: text },
});

const temporary = union<TemporaryLeaf>({
  busy: {},
  'rate-limited': { retryAfterNs: nanoseconds },
  'no-price': { reason: text },
  'exposure-exceeded': { offer: list(principal) },
  'payment-pending': {},
  'treasury-unavailable': {},
});

/** The answer of a method whose success is `wire`. */
export const resultOf = resultWires<RequestLeaf, TemporaryLeaf, Unexpected>({
  request,
  temporary,
  internal: union<Unexpected>({ unexpected: {} }),
});
