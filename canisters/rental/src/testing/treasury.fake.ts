import type { IDL } from '@dfinity/candid';
import { present } from '@decent-cloud/domain/assert.ts';
import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import { codecOf } from '@decent-cloud/kit/candid/codec-cache.ts';
import type { CallFailure, CallRequest } from '@decent-cloud/kit/runtime/runtime.port.ts';
import { fromWire, type Wire } from '@decent-cloud/kit/wire/wire.ts';
import { settingsOf } from '../flows/accounts/callers.ts';
import type { TreasuryRefusal } from '../flows/treasury/treasury-answer.ts';
import {
  briefsAnswer,
  depositAnswer,
  depositOrder,
  escrowIds,
  factsAnswer,
  numberedFacts,
  quoteAnswer,
  quoteTerms,
} from '../flows/treasury/treasury-wire.ts';
import type { FakeCanister } from './fake-canister.fake.ts';
import { TreasuryBooks } from './treasury-books.fake.ts';

const METHODS = ['quote', 'deposit', 'escrow_briefs', 'report_facts'] as const;
type Method = (typeof METHODS)[number];

/** A treasury that answers the canister's calls, in real Candid. What it does is what a test says. */
export interface FakeTreasury {
  /** The state of escrows, and what can be done to them from outside. */
  readonly books: TreasuryBooks;
  /**
   * These methods refuse so, and do nothing else, until it is deleted. Of a deposit only where it could
   * be taken otherwise: like the real one it looks first whether the quote is open.
   */
  readonly refusals: Partial<Record<'quote' | 'deposit', TreasuryRefusal>>;
  /**
   * `before`: calls do not arrive. `after`: they have their effect, but the answer is lost. Held
   * answers wait for `letGo`.
   */
  failing: 'before' | 'after' | 'held' | undefined;
  readonly letGo: () => void;
  /** The methods that were called, in order. */
  readonly asked: readonly Method[];
}

/**
 * Stands in for the canister that the settings name as the treasury; calls to others go on to what
 * answered them before. `runtime.now` is its clock too.
 */
export function fakeTreasury(
  c: FakeCanister,
  options: { readonly firstEscrowId?: number } = {},
): FakeTreasury {
  const books = new TreasuryBooks(() => c.runtime.now, options.firstEscrowId);
  const asked: Method[] = [];
  const held: (() => void)[] = [];
  const treasury: FakeTreasury = {
    books,
    refusals: {},
    failing: undefined,
    asked,
    letGo: () => {
      for (const go of held.splice(0)) go();
    },
  };
  const others = c.runtime.answerCall;
  c.runtime.answerCall = async (request) => {
    const settings = settingsOf(c);
    const named = settings.kind === 'ok' ? settings.value.treasury : undefined;
    if (named?.compareTo(request.canisterId) !== 'eq') {
      return present(others, `nobody answers ${request.method}`)(request);
    }
    const method = methodOf(request);
    asked.push(method);
    if (treasury.failing === 'before') return lost(2);
    const reply = answer(treasury, method, request.arg);
    if (treasury.failing === 'after') return lost(5);
    if (treasury.failing === 'held') await new Promise<void>((go) => held.push(go));
    return ok(reply);
  };
  return treasury;
}

function methodOf({ method }: CallRequest): Method {
  return present(
    METHODS.find((known) => known === method),
    `the treasury has no method ${method}`,
  );
}

function lost(code: 2 | 5): Result<never, CallFailure> {
  return err({ kind: 'rejected', code, message: 'the fake treasury does not answer' });
}

function answer({ books, refusals }: FakeTreasury, method: Method, arg: Uint8Array): Uint8Array {
  switch (method) {
    case 'quote': {
      const { quote: refusal } = refusals;
      const result = refusal === undefined ? books.quote(read(quoteTerms, arg)) : err(refusal);
      return write(quoteAnswer, result);
    }
    case 'deposit': {
      const order = read(depositOrder, arg);
      const isOpen = books.brief(order.escrowId)?.phase.kind === 'quoted';
      const refusal = isOpen ? refusals.deposit : undefined;
      const result = refusal === undefined ? books.deposit(order) : err(refusal);
      return write(depositAnswer, result);
    }
    case 'escrow_briefs':
      return write(briefsAnswer, ok(read(escrowIds, arg).map((id) => books.brief(id))));
    case 'report_facts':
      return write(factsAnswer, ok(read(numberedFacts, arg).map((fact) => books.fact(fact))));
  }
}

function read<T>(wire: Wire<T>, arg: Uint8Array): T {
  return fromWire(wire, codecOf([wire.type]).decode(arg)[0]);
}

function write<T>(wire: { readonly type: IDL.Type; readonly to: (value: T) => unknown }, value: T) {
  return codecOf([wire.type]).encode([wire.to(value)]);
}
