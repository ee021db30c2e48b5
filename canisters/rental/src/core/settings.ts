import type { Principal } from '@dfinity/principal';
import type { DurationNs } from '@decent-cloud/domain/time.ts';

/** What controllers set. */
export interface Settings {
  readonly treasury: Principal;
  readonly archive: Principal;
  /** In the labels of every server that a bridge makes; tells our servers from others. */
  readonly installation: string;
  /** Agents of the platform: their health reports count for every provider and are never outvoted. */
  readonly platformAgents: readonly Principal[];
  /** A closed rental moves to the archive this long after it closed. */
  readonly retentionNs: DurationNs;
}
