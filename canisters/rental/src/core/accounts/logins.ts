import type { Principal } from '@dfinity/principal';
import type { AccountId } from '@decent-cloud/domain/ids.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { LoginKind } from './account.ts';

/** An account asks a principal to become one of its logins. Nothing changes until that accepts. */
export interface LoginOffer {
  readonly account: AccountId;
  readonly principal: Principal;
  readonly kind: LoginKind;
  readonly label: string;
  readonly expiresAt: TimestampNs;
}
