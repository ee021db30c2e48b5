import { WorkError } from '../core/work-error.ts';
import type { CloudAccountId } from '../core/ids.ts';
import type { Backend } from '../core/job-work.ts';
import type { Clock } from '../ports/clock.port.ts';
import type { CloudProvider, CloudUsage } from '../ports/cloud.port.ts';

/** Without use a token is forgotten after so long. */
const IDLE_MS = 10 * 60_000;

/** A cloud account with its credentials as the canister keeps them. */
export interface SealedAccount {
  readonly id: CloudAccountId;
  readonly backend: Backend;
  /** An age file for this agent. */
  readonly sealedCredentials: Uint8Array;
}

export interface AccountSessionsDeps {
  /** Opens an age file; gives its text. */
  readonly openCredentials: (sealed: Uint8Array) => Promise<string>;
  /** Throws `WorkError` for a cloud that this bridge does not know. */
  readonly providerFor: (account: SealedAccount, token: string) => CloudProvider;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

interface Session {
  readonly sealed: Uint8Array;
  readonly provider: Promise<CloudProvider>;
  /** Undefined until it is open. */
  usage: (() => CloudUsage) | undefined;
  usedAtMs: number;
}

/**
 * The clouds' APIs, one for each account, so that all its requests go through one rate limit. Tokens are
 * in memory only, and only while they are used.
 */
export class AccountSessions {
  readonly #deps: AccountSessionsDeps;
  readonly #sessions = new Map<CloudAccountId, Session>();

  constructor(deps: AccountSessionsDeps) {
    this.#deps = deps;
  }

  /**
   * The account's API; the same one as long as the sealed credentials are the same.
   *
   * Errors: `WorkError`, `auth` if the credentials cannot be opened here.
   */
  use(account: SealedAccount): Promise<CloudProvider> {
    const nowMs = this.#deps.clock.monotonicMs();
    this.#forgetIdle(nowMs);
    const known = this.#sessions.get(account.id);
    if (known !== undefined && isEqual(known.sealed, account.sealedCredentials)) {
      known.usedAtMs = nowMs;
      return known.provider;
    }
    const session: Session = {
      sealed: account.sealedCredentials,
      provider: this.#open(account),
      usage: undefined,
      usedAtMs: nowMs,
    };
    this.#sessions.set(account.id, session);
    session.provider.then(
      (provider) => (session.usage = () => provider.usage()),
      () => this.#forget(account.id, session),
    );
    return session.provider;
  }

  /** Of an account whose API is in use. */
  usageOf(id: CloudAccountId): CloudUsage | undefined {
    return this.#sessions.get(id)?.usage?.();
  }

  /** Forgets tokens that nobody has used for ten minutes. */
  forgetIdle(): void {
    this.#forgetIdle(this.#deps.clock.monotonicMs());
  }

  async #open(account: SealedAccount): Promise<CloudProvider> {
    return this.#deps.providerFor(account, await this.#tokenOf(account.sealedCredentials));
  }

  async #tokenOf(sealed: Uint8Array): Promise<string> {
    try {
      return (await this.#deps.openCredentials(sealed)).trim();
    } catch (error) {
      if (error instanceof WorkError) throw error;
      throw new WorkError(
        'auth',
        'The credentials of this account cannot be opened by its agent. The seller has to seal them ' +
          "anew to the agent's recipient.",
        { cause: error },
      );
    }
  }

  #forgetIdle(nowMs: number): void {
    for (const [id, { usedAtMs }] of this.#sessions) {
      if (nowMs - usedAtMs >= IDLE_MS) this.#sessions.delete(id);
    }
  }

  #forget(id: CloudAccountId, session: Session): void {
    if (this.#sessions.get(id) === session) this.#sessions.delete(id);
  }
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
