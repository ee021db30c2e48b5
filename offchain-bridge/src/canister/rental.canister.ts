import type { RentalPort } from '../ports/rental.port.ts';
import { accountCalls } from './account-calls.ts';
import { CanisterCalls, type CallOptions } from './canister-calls.ts';
import { healthCalls } from './health-calls.ts';
import { jobCalls } from './job-calls.ts';

export type RentalClientOptions = CallOptions;

/** The canister's methods, and whether it answers. */
export interface RentalClient extends RentalPort {
  /** Since its last answer; undefined before the first. */
  answeredAgoMs(): number | undefined;
}

/** The rental canister over the Internet Computer's HTTP interface. Asks for nothing by itself. */
export function createRentalClient(options: RentalClientOptions): RentalClient {
  const calls = new CanisterCalls(options);
  return {
    ...jobCalls(calls),
    ...accountCalls(calls),
    ...healthCalls(calls),
    clockOffsetMs: () => calls.clockOffsetMs(),
    answeredAgoMs: () => calls.answeredAgoMs(),
  };
}
