import { DelegationChain, type Ed25519KeyIdentity } from '@dfinity/identity';

const NS_PER_MS = 1_000_000n;
const MINUTE_NS = 60n * 1_000n * NS_PER_MS;
const DAY_NS = 24n * 60n * MINUTE_NS;

/** Source: dfinity/internet-identity, delegation.rs. */
const DEFAULT_TIME_TO_LIVE_NS = 30n * MINUTE_NS;
const MAX_TIME_TO_LIVE_NS = 30n * DAY_NS;

export interface DelegationOptions {
  /** Whom the session acts for. */
  readonly person: Ed25519KeyIdentity;
  /** DER of the key that the app holds. */
  readonly sessionKeyDer: Uint8Array;
  /** What the app asked for; as Internet Identity, 30 minutes if nothing and 30 days at most. */
  readonly timeToLiveNs: bigint | undefined;
  readonly nowMs: number;
}

/** Lets the session key act for the person, for all canisters, until the time is over. */
export function delegate(options: DelegationOptions): Promise<DelegationChain> {
  const { person, sessionKeyDer, timeToLiveNs = DEFAULT_TIME_TO_LIVE_NS, nowMs } = options;
  const lastsNs = timeToLiveNs < MAX_TIME_TO_LIVE_NS ? timeToLiveNs : MAX_TIME_TO_LIVE_NS;
  const expiration = new Date(nowMs + Number(lastsNs / NS_PER_MS));
  return DelegationChain.create(person, { toDer: () => sessionKeyDer }, expiration);
}
