import type { Principal } from '@dfinity/principal';
import type { AccountId } from '@decent-cloud/domain/ids.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { CloudAccountId } from '../ids.ts';

/** An account that sells. */
export interface Provider {
  readonly id: AccountId;
  /** Is paid by the treasury. */
  readonly principal: Principal;
  readonly name: string;
  readonly description: string;
  readonly website: string;
  readonly supportContact: string;
  readonly createdAt: TimestampNs;
  readonly updatedAt: TimestampNs;
}

export type Backend = 'hetzner' | 'digitalocean' | 'vultr' | 'docker' | 'proxmox';

export type Validity =
  | { readonly kind: 'unchecked' }
  | { readonly kind: 'valid'; readonly checkedAt: TimestampNs }
  | { readonly kind: 'invalid'; readonly checkedAt: TimestampNs; readonly reason: string };

/** A seller's account at a cloud, worked by one agent: only that agent can open the credentials. */
export interface CloudAccount {
  readonly id: CloudAccountId;
  readonly provider: AccountId;
  readonly backend: Backend;
  readonly label: string;
  readonly agent: Principal;
  /** Sealed in the browser to the agent's age recipient; at most 8 KiB. */
  readonly sealedCredentials: Uint8Array;
  readonly validity: Validity;
  /** Jobs in hand at once, deletes not counted; 1 to 50. */
  readonly maxConcurrentJobs: number;
  readonly createdAt: TimestampNs;
  readonly updatedAt: TimestampNs;
}

export type AgentScope = 'provision' | 'health' | 'catalogue' | 'notify';

/** A provider's permission for an agent; ends at once when revoked or expired. */
export interface AgentGrant {
  readonly provider: AccountId;
  readonly agent: Principal;
  readonly label: string;
  readonly scopes: readonly AgentScope[];
  readonly expiresAt: TimestampNs;
  readonly grantedAt: TimestampNs;
}

/** What an agent says about itself. */
export interface AgentStatus {
  readonly agent: Principal;
  /** Credentials for it are sealed to this age recipient. */
  readonly ageRecipient: string;
  readonly version: string;
  readonly lastHeartbeatAt: TimestampNs;
}
