import type { Unexpected } from '@decent-cloud/kit/errors/common-errors.ts';
import type { Busy } from '@decent-cloud/kit/guard/with-guard.ts';
import { resultWires } from '@decent-cloud/kit/wire/result-wire.ts';
import { text, union } from '@decent-cloud/kit/wire/wire.ts';
import type { ArchiveRequestLeaf } from '../../flows/archive-errors.ts';

/**
 * The answer of a method whose success is `wire`. Temporary and internal errors are never used today;
 * clients know all three arms from the first release on.
 */
export const resultOf = resultWires<ArchiveRequestLeaf, Busy, Unexpected>({
  request: union<ArchiveRequestLeaf>({
    'not-authenticated': {},
    'not-allowed': {},
    'not-found': {},
    'invalid-argument': { argument: text },
    conflict: {},
  }),
  temporary: union<Busy>({ busy: {} }),
  internal: union<Unexpected>({ unexpected: {} }),
});
