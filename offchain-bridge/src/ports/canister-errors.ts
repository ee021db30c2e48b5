/** The canister could not be reached, or its answer was lost: it may have happened. Repeat it. */
export class CanisterUnavailable extends Error {
  override readonly name = 'CanisterUnavailable';
}

/** The canister said no. */
export class CanisterRefusal extends Error {
  override readonly name = 'CanisterRefusal';
  /** The leaf of its error, such as `NotAllowed`; empty if this bridge does not know it. */
  readonly reason: string;
  /** Whether the canister says that the same call may work later. */
  readonly isTemporary: boolean;

  constructor(reason: string, message: string, isTemporary: boolean) {
    super(message);
    this.reason = reason;
    this.isTemporary = isTemporary;
  }
}
