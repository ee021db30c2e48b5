import type { Principal } from '@dfinity/principal';
import type { AccountId } from '@decent-cloud/domain/ids.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';

export type LoginKind = 'google' | 'passkey' | 'seed-phrase' | 'other';

/** One way to sign in to an account. */
export interface Login {
  readonly principal: Principal;
  readonly kind: LoginKind;
  readonly label: string;
  readonly addedAt: TimestampNs;
}

/** An SSH public key, checked. */
export interface SshKey {
  readonly label: string;
  /** `ssh-ed25519`, `ssh-rsa`, `ecdsa-sha2-nistp256`, … */
  readonly type: string;
  readonly blob: Uint8Array;
  /** `SHA256:…`, as ssh prints it. */
  readonly fingerprint: string;
  readonly comment: string;
  readonly addedAt: TimestampNs;
}

export type NoticeGroup = 'money' | 'outage' | 'lifecycle' | 'news';

export interface NotificationPreferences {
  /** Empty for none; delivery is the bridge's. Verified out of band. */
  readonly email: string;
  /** Money and outage are always sent. */
  readonly muted: readonly NoticeGroup[];
}

export interface Account {
  readonly id: AccountId;
  readonly displayName: string;
  /** An age X25519 recipient: secrets are sealed to it. */
  readonly ageRecipient: string | undefined;
  /** The matching identity, encrypted with a passphrase in the browser; at most 4 KiB. */
  readonly sealedAgeIdentity: Uint8Array | undefined;
  readonly logins: readonly Login[];
  readonly sshKeys: readonly SshKey[];
  readonly preferences: NotificationPreferences;
  readonly createdAt: TimestampNs;
  readonly updatedAt: TimestampNs;
}
