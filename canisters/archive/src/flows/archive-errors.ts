import type { ErrorArm } from '@decent-cloud/domain/error-envelope.ts';
import type { CommonRequestLeaf } from '@decent-cloud/kit/errors/common-errors.ts';

/** The rental is kept already, with other contents. */
export interface Conflict {
  readonly kind: 'conflict';
}

/** What this canister refuses a request for. */
export type ArchiveRequestLeaf = CommonRequestLeaf | Conflict;

/** A refused request. */
export type ArchiveRefusal = ErrorArm<'request', ArchiveRequestLeaf>;
