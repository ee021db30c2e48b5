import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import type { AccountId, RentalId } from '@decent-cloud/domain/ids.ts';
import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import { lazy } from '@decent-cloud/kit/candid/lazy-type.ts';
import type { Runtime } from '@decent-cloud/kit/runtime/runtime.port.ts';
import { callTyped } from '@decent-cloud/kit/runtime/typed-call.ts';
import { blob, count, list, nanoseconds, principal, record } from '@decent-cloud/kit/wire/wire.ts';

/** A rental as the archive takes it; see archive.did. */
export interface HandedRental {
  readonly id: RentalId;
  readonly renter: AccountId;
  readonly provider: AccountId;
  readonly closedAt: TimestampNs;
  readonly readers: readonly Principal[];
  /** The record's text in UTF-8. */
  readonly body: Uint8Array;
}

/** What `store_rentals` takes. */
export const handedRentals = list(
  record<HandedRental>({
    id: count,
    renter: count,
    provider: count,
    closedAt: nanoseconds,
    readers: list(principal),
    body: blob,
  }),
);

/** Of a refusal only the message is of use here: whatever it is, the rental stays. */
const Refusal = lazy(() => IDL.Record({ message: IDL.Text }));
/** What `store_rentals` answers with. */
export const StoreAnswer = lazy(() =>
  IDL.Variant({ Ok: IDL.Vec(IDL.Variant({ Ok: IDL.Text, Err: Refusal })), Err: Refusal }),
);

interface WireRefusal {
  readonly Err: { readonly message: string };
}
type WireAnswer = { readonly Ok: readonly ({ readonly Ok: string } | WireRefusal)[] } | WireRefusal;

/** For each rental the hash that the archive computed, in hex, or why it did not take it. */
export type StoreAnswers = readonly Result<string, string>[];

/**
 * Hands rentals over to the archive. Doing it again changes nothing there. The outer error says why
 * nothing is known about any of them.
 */
export async function storeInArchive(
  runtime: Runtime,
  archive: Principal,
  rentals: readonly HandedRental[],
): Promise<Result<StoreAnswers, string>> {
  const reply = await callTyped(runtime, {
    canisterId: archive,
    method: 'store_rentals',
    argTypes: [handedRentals.type],
    args: [handedRentals.to(rentals)],
    replyTypes: [StoreAnswer],
  });
  if (reply.kind === 'err') return err(`the archive gave no answer: ${reply.error.kind}`);
  const [answer] = reply.value as [WireAnswer];
  if ('Err' in answer) return err(answer.Err.message);
  if (answer.Ok.length !== rentals.length) return err('the archive answered about others');
  return ok(answer.Ok.map((one) => ('Ok' in one ? ok(one.Ok) : err(one.Err.message))));
}
