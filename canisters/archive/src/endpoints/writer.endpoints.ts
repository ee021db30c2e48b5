import type { Principal } from '@dfinity/principal';
import { query, update } from '@decent-cloud/kit/azle/azle.methods.ts';
import type { WireResult } from '@decent-cloud/kit/errors/error-idl.ts';
import { bool, nothing, principal } from '@decent-cloud/kit/wire/wire.ts';
import { canister } from '../composition.ts';
import { setWriter } from '../flows/set-writer.flow.ts';
import { resultOf } from './wire/error-wire.ts';

const SetResult = resultOf(nothing);

/** Who may hand rentals over. */
export class WriterEndpoints {
  /** Controllers only. */
  @update([principal.type, bool.type], SetResult.type)
  set_writer(writer: Principal, isAllowed: boolean): WireResult<unknown> {
    return SetResult.to(setWriter(canister, { writer, isAllowed }));
  }

  /** Open to all: who writes the archive is no secret. */
  @query([principal.type], bool.type)
  is_writer(writer: Principal): boolean {
    return canister.storage.writers.has(writer);
  }
}
