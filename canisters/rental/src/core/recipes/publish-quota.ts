import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import { durationNs, type TimestampNs } from '@decent-cloud/domain/time.ts';

/** What an author did on a day, counted from 1970 in UTC. */
export interface PublishQuota {
  readonly day: number;
  readonly published: number;
  /** Changes of what recipes are found by, which every offer that runs them follows. */
  readonly moved: number;
}

export const MAX_RECIPES_PER_AUTHOR = 50;
export const MAX_VERSIONS = 200;
const MAX_VERSIONS_A_DAY = 20;
const MAX_MOVES_A_DAY = 20;

const DAY_NS = durationNs({ days: 1 });

type Counted = Result<PublishQuota, { readonly limit: number }>;

/** One more version, or the limit that is reached. */
export function countPublish(quota: PublishQuota | undefined, at: TimestampNs): Counted {
  const today = ofDay(quota, at);
  if (today.published >= MAX_VERSIONS_A_DAY) return err({ limit: MAX_VERSIONS_A_DAY });
  return ok({ ...today, published: today.published + 1 });
}

/** One more change of tags or icon, or the limit that is reached. */
export function countMove(quota: PublishQuota | undefined, at: TimestampNs): Counted {
  const today = ofDay(quota, at);
  if (today.moved >= MAX_MOVES_A_DAY) return err({ limit: MAX_MOVES_A_DAY });
  return ok({ ...today, moved: today.moved + 1 });
}

function ofDay(quota: PublishQuota | undefined, at: TimestampNs): PublishQuota {
  const day = Number(at / DAY_NS);
  return quota?.day === day ? quota : { day, published: 0, moved: 0 };
}
