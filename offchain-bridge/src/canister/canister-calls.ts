import {
  Actor,
  AgentError,
  CertificateOutdatedErrorCode,
  CertificateTimeErrorCode,
  HttpAgent,
  HttpErrorCode,
  IngressExpiryInvalidErrorCode,
  type ActorMethod,
  type ActorSubclass,
  type Identity,
} from '@dfinity/agent';
import { Principal } from '@dfinity/principal';
import {
  idlFactory,
  type _SERVICE as Rental,
  type ServiceError,
} from '../../../dist/canisters/rental/declarations/rental.did.ts';
import { CanisterRefusal, CanisterUnavailable } from '../ports/canister-errors.ts';
import type { Clock } from '../ports/clock.port.ts';
import type { Metrics } from '../ports/metrics.port.ts';
import { lenient } from './lenient-idl.ts';
import { rememberSignatures } from './remember-signatures.ts';
import { okOf } from './wire-values.ts';
import { within } from './within.ts';

export interface CallOptions {
  /** Of the Internet Computer, such as `https://icp-api.io`. */
  readonly host: string;
  readonly canisterId: string;
  readonly identity: Identity;
  /** DER; the Internet Computer's own if left out. Never asked of the host. */
  readonly rootKey?: Uint8Array;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly fetch?: typeof fetch;
}

/** Of one request; a call that waits for the next blocks is answered after 10 s at the latest. */
const REQUEST_MS = 14_000;
/** Of a call with everything that belongs to it. */
const CALL_MS = 15_000;
const POLL_MS = 500;
const RESYNC_MS = 600_000;
/** The wall clock was set: what was measured by it does not count any more. */
const JUMP_MS = 2_000;
const MS_PER_SECOND = 1_000;

interface Synced {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

/** How every method answers. */
type Method<Args extends unknown[], T> = ActorMethod<Args, { Ok: T } | { Err: ServiceError }>;

/**
 * Calls of the rental canister. Answers are verified by the agent: updates by certificate, queries by
 * the signatures of nodes. Requests are dated by the network's time, so that a wrong clock of this
 * machine does no harm.
 */
export class CanisterCalls {
  readonly actor: ActorSubclass<Rental>;
  readonly #agent: HttpAgent;
  readonly #canisterId: Principal;
  readonly #clock: Clock;
  readonly #metrics: Metrics;
  #synced: Synced | undefined;
  #syncing: Promise<void> | undefined;
  #answeredAtMs: number | undefined;

  constructor(options: CallOptions) {
    const { host, identity, rootKey, clock, metrics } = options;
    this.#clock = clock;
    this.#metrics = metrics;
    this.#canisterId = Principal.fromText(options.canisterId);
    this.#agent = HttpAgent.createSync({
      host,
      identity,
      retryTimes: 0,
      fetch: limited(options.fetch ?? fetch),
      ...(rootKey === undefined ? {} : { rootKey }),
    });
    this.actor = Actor.createActor<Rental>(lenient(idlFactory), {
      agent: this.#agent,
      canisterId: this.#canisterId,
      blsVerify: rememberSignatures(),
    });
  }

  /**
   * What a method answered. Rejects with `CanisterUnavailable`, or with `CanisterRefusal` if the canister
   * refuses, or for what cannot be said or understood.
   */
  async ask<Args extends unknown[], T>(
    method: keyof Rental,
    call: Method<Args, T>,
    ...args: Args
  ): Promise<T> {
    const startedAtMs = this.#clock.monotonicMs();
    try {
      const answer = await within(this.#clock, CALL_MS, (signal) => this.#once(signal, call, args));
      this.#answeredAtMs = this.#clock.monotonicMs();
      const value = okOf(answer);
      this.#metrics.count('canister_calls', { method, outcome: 'ok' });
      return value;
    } catch (caught) {
      const error = this.#errorOf(method, caught);
      const outcome = error instanceof CanisterRefusal ? 'refused' : 'unavailable';
      this.#metrics.count('canister_calls', { method, outcome });
      throw error;
    } finally {
      const seconds = (this.#clock.monotonicMs() - startedAtMs) / MS_PER_SECOND;
      this.#metrics.time('canister_call_seconds', seconds, { method });
    }
  }

  clockOffsetMs(): number | undefined {
    return this.#synced === undefined ? undefined : this.#agent.getTimeDiffMsecs();
  }

  answeredAgoMs(): number | undefined {
    const at = this.#answeredAtMs;
    return at === undefined ? undefined : this.#clock.monotonicMs() - at;
  }

  async #once<Args extends unknown[], T>(
    signal: AbortSignal,
    call: Method<Args, T>,
    args: Args,
  ): Promise<{ Ok: T } | { Err: ServiceError }> {
    await this.#syncTime();
    signal.throwIfAborted();
    // The library's own way of polling goes on for minutes.
    const strategy = async (): Promise<void> => this.#clock.sleep(POLL_MS, signal);
    return call.withOptions({ pollingOptions: { strategy } })(...args);
  }

  /** The library looks at the network's time once; a clock may be set at any time. */
  async #syncTime(): Promise<void> {
    if (this.#isSynced()) return;
    this.#syncing ??= this.#measureTime().finally(() => (this.#syncing = undefined));
    await this.#syncing;
  }

  async #measureTime(): Promise<void> {
    // Fails by itself where nobody answers, which the next call hides and complains about on stderr.
    await this.#agent.status();
    await this.#agent.syncTime(this.#canisterId);
    if (!this.#agent.hasSyncedTime()) {
      throw new CanisterUnavailable('The network does not tell its time.');
    }
    this.#synced = { wallMs: this.#clock.nowMs(), monotonicMs: this.#clock.monotonicMs() };
    const seconds = this.#agent.getTimeDiffMsecs() / MS_PER_SECOND;
    this.#metrics.set('clock_offset_seconds', seconds);
  }

  #isSynced(): boolean {
    if (this.#synced === undefined) return false;
    const wallMs = this.#clock.nowMs() - this.#synced.wallMs;
    const passedMs = this.#clock.monotonicMs() - this.#synced.monotonicMs;
    return passedMs < RESYNC_MS && Math.abs(wallMs - passedMs) < JUMP_MS;
  }

  #errorOf(method: string, error: unknown): CanisterUnavailable | CanisterRefusal {
    if (error instanceof CanisterUnavailable || error instanceof CanisterRefusal) return error;
    if (isAboutTime(error)) this.#synced = undefined;
    const detail = error instanceof Error ? firstLine(error.message) : 'unknown error';
    if (error instanceof AgentError) {
      return new CanisterUnavailable(`${method}: ${detail}`, { cause: error });
    }
    // What the library could not write or read is no matter of the network.
    return new CanisterRefusal('', `${method} cannot be said or understood: ${detail}`, false);
  }
}

function isAboutTime(error: unknown): boolean {
  if (!(error instanceof AgentError)) return false;
  const { code } = error;
  if (code instanceof HttpErrorCode) return /request expiry/i.test(code.bodyText ?? '');
  return (
    code instanceof IngressExpiryInvalidErrorCode ||
    code instanceof CertificateTimeErrorCode ||
    code instanceof CertificateOutdatedErrorCode
  );
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

/** Every request ends. */
function limited(inner: typeof fetch): typeof fetch {
  return (input, init) => inner(input, { ...init, signal: AbortSignal.timeout(REQUEST_MS) });
}
