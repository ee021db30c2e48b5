import type { RentalInputs } from '../recipes/inputs.ts';

/** What the machine is set up with. `…Before`: what an upgrade that is under way goes back to. */
export interface RentalConfig {
  /** Lines of authorized_keys; 1 to 10. */
  readonly sshKeys: readonly string[];
  readonly inputs: RentalInputs;
  readonly inputsBefore: RentalInputs | undefined;
}

/** The recipe's secret inputs, sealed by the renter to the agent's age recipient; at most 16 KiB. */
export interface RentalSecrets {
  readonly sealed: Uint8Array;
  readonly sealedBefore: Uint8Array | undefined;
}
