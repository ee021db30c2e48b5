import type { ErrorCode } from './types.ts';

/** Ends the current execution; everything it did is rolled back. */
export class CanisterTrap extends Error {
  readonly errorCode: ErrorCode;
  constructor(errorCode: ErrorCode, message: string) {
    super(message);
    this.name = 'CanisterTrap';
    this.errorCode = errorCode;
  }
}
