/** Before July 2026 servers told their data centre, and there was a list of data centres. */
export type ApiShape = 'before-2026-07' | 'current';

/** What can be changed while the cloud runs. */
export interface Settings {
  apiShape: ApiShape;
}

export interface ProjectLimits {
  readonly servers?: number;
  readonly primaryIps?: number;
}

/** One project with its tokens. What the real cloud sets up in its console is set up here. */
export interface ProjectOptions {
  readonly name: string;
  /** That may do everything. */
  readonly tokens: readonly string[];
  readonly readOnlyTokens?: readonly string[];
  /** None unless given. */
  readonly limits?: ProjectLimits;
  /** Names of firewalls that are there; they let nothing through and keep nothing out. */
  readonly firewalls?: readonly string[];
}
