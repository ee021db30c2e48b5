/** A job in hand, as /status shows it. */
export interface ShownJob {
  readonly jobId: number;
  readonly kind: string;
  readonly rentalId: number | undefined;
  readonly epoch: number;
  readonly inHandMs: number;
  /** How long the lease is certainly ours; negative if it is lost. */
  readonly leaseMs: number;
}

export interface ShownAccount {
  readonly id: number;
  readonly label: string;
  readonly backend: string;
  /** Undefined until its credentials were needed. */
  readonly api:
    | {
        readonly requests: number;
        readonly remaining: number | undefined;
        readonly waiting: number;
      }
    | undefined;
  /** Why it cannot be worked; undefined if it can. */
  readonly problem: string | undefined;
}

/** What a bridge is doing. Nothing secret. */
export interface BridgeStatus {
  readonly version: string;
  readonly worker: string;
  readonly principal: string;
  readonly isDraining: boolean;
  readonly startedAt: string;
  readonly canister: {
    readonly id: string;
    readonly isReachable: boolean;
    /** Since the last answer; undefined before the first. */
    readonly answeredAgoMs: number | undefined;
    readonly clockOffsetMs: number | undefined;
  };
  readonly jobs: readonly ShownJob[];
  readonly accounts: readonly ShownAccount[];
  readonly backlog: {
    /**
     * Of all processes of this identity: paid rentals whose machine is not ready yet. At most a minute
     * old; undefined before the first count.
     */
    readonly machinesToMake: number | undefined;
    /** Likewise: rentals that are over and whose machine may still be there. */
    readonly machinesToDelete: number | undefined;
    /** Machines that are measured. */
    readonly healthTargets: number;
    /** Hours of health that the canister has not taken yet. */
    readonly healthRowsWaiting: number;
    /** Servers without a rental, in their grace. */
    readonly straysWaiting: number;
  };
}

/** One thing that has to be so before a bridge can do its work. */
export interface ReadyCheck {
  readonly name: string;
  readonly isOk: boolean;
  readonly detail: string;
}
