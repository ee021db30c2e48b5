import type { ErrorArm } from '@decent-cloud/domain/error-envelope.ts';
import type { CommonRequestLeaf, Unexpected } from '@decent-cloud/kit/errors/common-errors.ts';
import type { Busy } from '@decent-cloud/kit/guard/with-guard.ts';

/** The rental is kept already, with other contents. */
export interface Conflict {
  readonly kind: 'conflict';
}

/** What this canister refuses a request for. */
export type ArchiveRequestLeaf = CommonRequestLeaf | Conflict;

/** A refused request. */
export type ArchiveRefusal = ErrorArm<'request', ArchiveRequestLeaf>;

/** The other arms are never used today; clients know all three from the first release on. */
export type ArchiveError =
  ArchiveRefusal | ErrorArm<'temporary', Busy> | ErrorArm<'internal', Unexpected>;
