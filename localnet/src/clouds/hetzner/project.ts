import { TokenBucket } from './http/token-bucket.ts';
import type { ProjectLimits, ProjectOptions } from './settings.ts';

export interface FirewallRecord {
  readonly id: number;
  readonly name: string;
}

/** A project while the cloud runs. */
export interface Project {
  readonly name: string;
  readonly limits: ProjectLimits;
  readonly firewalls: readonly FirewallRecord[];
  readonly bucket: TokenBucket;
}

/** What a token may do. */
export interface Access {
  readonly project: Project;
  readonly isReadOnly: boolean;
}

/** Firewalls are counted from here, apart from everything else's ids. */
const FIRST_FIREWALL_ID = 501;

/** Projects by their tokens. Errors: `RangeError` if two share a token or a name. */
export function projectsByToken(
  options: readonly ProjectOptions[],
  rate: { readonly perHour: number; readonly nowMs: number },
): ReadonlyMap<string, Access> {
  const byToken = new Map<string, Access>();
  const names = new Set<string>();
  for (const { name, tokens, readOnlyTokens = [], limits = {}, firewalls = [] } of options) {
    if (names.has(name)) throw new RangeError(`two projects are called ${name}`);
    names.add(name);
    const project = {
      name,
      limits,
      firewalls: firewalls.map((called, index) => ({
        id: FIRST_FIREWALL_ID + index,
        name: called,
      })),
      bucket: new TokenBucket(rate.perHour, rate.nowMs),
    };
    for (const [list, isReadOnly] of [[tokens, false] as const, [readOnlyTokens, true] as const]) {
      for (const token of list) {
        if (byToken.has(token)) throw new RangeError(`a token of ${name} is given twice`);
        byToken.set(token, { project, isReadOnly });
      }
    }
  }
  return byToken;
}
