import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { query, update } from '@decent-cloud/kit/azle/azle.methods.ts';
import { resultType, toWire, type WireResult } from '@decent-cloud/kit/errors/error-idl.ts';
import { canister } from '../composition.ts';
import { setWriter } from '../flows/set-writer.flow.ts';
import { ArchiveError } from './error-wire.ts';

/** Who may hand rentals over. */
export class WriterEndpoints {
  /** Controllers only. */
  @update([IDL.Principal, IDL.Bool], resultType(IDL.Null, ArchiveError))
  set_writer(writer: Principal, isAllowed: boolean): WireResult<null> {
    return toWire(setWriter(canister, { writer, isAllowed }), () => null);
  }

  /** Open to all: who writes the archive is no secret. */
  @query([IDL.Principal], IDL.Bool)
  is_writer(writer: Principal): boolean {
    return canister.storage.writers.has(writer);
  }
}
