import type { MachineSpec } from '../src/core/job-work.ts';
import type { CloudProvider } from '../src/ports/cloud.port.ts';

/** What a cloud can do wrong, in words that fit every cloud. */
export type WorldFault =
  /** There is no machine of the kind. */
  | 'sold-out'
  /** The account may have no more. */
  | 'quota'
  /** The token is nobody's any more. */
  | 'revoked'
  /** Something else is under way with the server. */
  | 'busy'
  /** An error of the cloud's own, well said. */
  | 'server-error'
  | 'maintenance'
  /** A page of a proxy, HTTP 502. */
  | 'proxy-page'
  /** The connection breaks before anything is done. */
  | 'lost-request'
  /** It is done; the connection breaks instead of the answer. */
  | 'lost-response'
  /** Refused because of the limit, whatever is left of it. */
  | 'rate-limited'
  /** Servers are made without an IPv4 address. */
  | 'no-ipv4'
  /** States and the like are called by names that nobody knows. */
  | 'unknown-words'
  /** An error says back the token that was sent. */
  | 'echoed-token';

export interface WorldServer {
  readonly externalId: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A cloud for tests, seen from behind: what it has, what it was asked, what is to go wrong. */
export interface CloudWorld {
  /** Can be ordered. */
  readonly machine: MachineSpec;
  /** Nothing of these may be in an error. */
  readonly secrets: readonly string[];
  /** `other`: another account's token. Each has a rate limit of its own. */
  connect(credentials: 'good' | 'wrong' | 'read-only' | 'other'): CloudProvider;
  /** From now on, so many times; without a number until it is healed. Questions are asked by GET. */
  inject(fault: WorldFault, scope?: { readonly times?: number; readonly on?: 'orders' }): void;
  heal(): void;
  /** The catalogue and orders say that the machine cannot be had. */
  sellOut(): void;
  /** Those that exist, whoever made them. */
  servers(): readonly WorldServer[];
  /** A running server that somebody else made in the good account. Gives its id. */
  place(server: {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly isProtected?: boolean;
  }): Promise<string>;
  /** Requests of all accounts so far. */
  requests(): number;
  /** Those that were refused because of the limit. */
  refusals(): number;
  /** What is left of the good account's limit. */
  setRemaining(count: number): void;
  /** The cloud's and the providers' time. */
  nowMs(): number;
  passTime(durationMs: number): void;
  close(): Promise<void>;
}
