import { IDL } from '@dfinity/candid';
import { COMMON_LEAVES, type Unexpected } from '@decent-cloud/kit/errors/common-errors.ts';
import { envelopeType } from '@decent-cloud/kit/errors/error-idl.ts';
import type { Busy } from '@decent-cloud/kit/guard/with-guard.ts';
import type { ArchiveRequestLeaf } from '../flows/archive-errors.ts';

/** The common envelope with this canister's own leaves. */
export const ArchiveError = envelopeType<ArchiveRequestLeaf, Busy, Unexpected>({
  ...COMMON_LEAVES,
  request: { ...COMMON_LEAVES.request, conflict: IDL.Null },
});
