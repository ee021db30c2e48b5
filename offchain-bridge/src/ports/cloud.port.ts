import type { MachineSpec, PowerAction } from '../core/job-work.ts';

/** How a server stands, in words that all clouds share. */
export type CloudServerStatus =
  | 'starting'
  | 'running'
  | 'stopping'
  | 'off'
  | 'deleting'
  /** In use by the cloud itself: rebuilding, migrating, or a word that is not known. */
  | 'other';

/** A server as the cloud has it. */
export interface CloudServer {
  readonly externalId: string;
  readonly name: string;
  readonly status: CloudServerStatus;
  readonly labels: Readonly<Record<string, string>>;
  readonly ipv4: string | undefined;
  readonly ipv6: string | undefined;
  /** Undefined if the cloud did not say. */
  readonly createdAtMs: number | undefined;
}

/** `shutdown` asks the machine to end by itself; `off` cuts its power. */
export type PowerOrder = PowerAction | 'shutdown';

/** What a server is to be. Name and labels are the same whoever makes it. */
export interface ServerSpec {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly machine: MachineSpec;
  /** For cloud-init, at most 32 KiB. */
  readonly userData: string;
}

/** A place where an account can order. */
export interface CatalogueLocation {
  readonly name: string;
  readonly city: string;
  readonly country: string;
  readonly zone: string;
}

/** A machine type with where it can be had now. */
export interface CatalogueType {
  readonly name: string;
  readonly arch: 'x86' | 'arm';
  readonly cores: number;
  readonly memoryMb: number;
  readonly diskGb: number;
  readonly at: readonly {
    readonly location: string;
    readonly isAvailable: boolean;
    readonly unavailableAfterMs: number | undefined;
    /** Net, decimal text as the cloud writes it. */
    readonly pricePerMonth: string;
  }[];
}

/** What a machine can be made with. */
export interface CatalogueImage {
  readonly name: string;
  readonly archs: readonly ('x86' | 'arm')[];
  readonly unavailableAfterMs: number | undefined;
}

/** All that an account can order. */
export interface CloudCatalogue {
  /** ISO 4217. */
  readonly currency: string;
  readonly locations: readonly CatalogueLocation[];
  readonly types: readonly CatalogueType[];
  readonly images: readonly CatalogueImage[];
}

/** Whether the credentials may read and write; the problem is in plain words for the seller. */
export type Validity =
  { readonly kind: 'valid' } | { readonly kind: 'invalid'; readonly problem: string };

/**
 * One account at one cloud. Every method ends within its timeout and rejects with a `WorkError` whose
 * class is right for what happened; nothing else. Requests go through the account's rate limit, deletes
 * first. A create whose outcome is not known rejects as `unknown` (or `transient` if it is certain that
 * nothing was made): look by name before another try.
 */
export interface CloudProvider {
  /** Reads, and tries a write that changes nothing, so that a read-only token is found out. */
  validate(signal: AbortSignal): Promise<Validity>;
  catalogue(signal: AbortSignal): Promise<CloudCatalogue>;
  /** Names are unique in an account. */
  findByName(name: string, signal: AbortSignal): Promise<CloudServer | undefined>;
  /**
   * Orders a server. `accepted` is awaited with its id as soon as the cloud has answered, before
   * anything else of the answer is read; what it rejects with is passed on. The server is starting; it
   * may lack an address.
   */
  create(
    spec: ServerSpec,
    accepted: (externalId: string) => Promise<void>,
    signal: AbortSignal,
  ): Promise<CloudServer>;
  get(externalId: string, signal: AbortSignal): Promise<CloudServer | undefined>;
  /**
   * As `get`, but may be answered from a list of all servers that is at most `maxAgeMs` old, so that
   * many waiting jobs cost one request.
   */
  peek(externalId: string, maxAgeMs: number, signal: AbortSignal): Promise<CloudServer | undefined>;
  /** Asks for the deletion; one that is gone already is no error. */
  delete(externalId: string, signal: AbortSignal): Promise<void>;
  /** Resolves when the cloud has taken the order; look at the status for its end. */
  power(externalId: string, order: PowerOrder, signal: AbortSignal): Promise<void>;
  /** All servers with our labels for that installation, whatever their number. */
  listManaged(installation: string, signal: AbortSignal): Promise<readonly CloudServer[]>;
  /** For metrics and /status. */
  usage(): CloudUsage;
}

/** What an account has used of its API. */
export interface CloudUsage {
  /** Requests sent since the start. */
  readonly requests: number;
  /** As the cloud last said; undefined before the first answer. */
  readonly remaining: number | undefined;
  /** Waiting for the rate limit. */
  readonly waiting: number;
}
