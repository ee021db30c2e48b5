import { Principal } from '@dfinity/principal';
import { deletePhrase, readPhrases, writePhrase, type KeptPhrase } from '../api/vault-store.api.ts';
import type { Login } from '../services/login.service.ts';
import { openVault, sealVault, waitAfterMs } from '../services/vault.service.ts';
import { app } from './app.state.svelte.ts';

/** The passphrase does not open it. */
export class WrongPassphrase extends Error {
  readonly retryAtMs: number;

  constructor(retryAtMs: number) {
    super('That is not the passphrase of this seed phrase.');
    this.name = 'WrongPassphrase';
    this.retryAtMs = retryAtMs;
  }
}

export interface VaultKey {
  readonly principalText: string;
  readonly passphrase: string;
}

export interface NewPhrase {
  readonly phrase: string;
  readonly principalText: string;
  readonly passphrase: string;
}

/** The seed phrases on this device, each encrypted with a passphrase of its own. */
class Vault {
  phrases = $state.raw<readonly KeptPhrase[]>([]);
  isRead = $state(false);

  /** Reads what is there; other tabs may have changed it. */
  async load(): Promise<void> {
    this.phrases = await readPhrases();
    this.isRead = true;
  }

  has(principalText: string): boolean {
    return this.phrases.some((kept) => kept.principalText === principalText);
  }

  /** Keeps a phrase, encrypted. */
  async add({ phrase, principalText, passphrase }: NewPhrase): Promise<void> {
    const envelope = await sealVault({ principalText, secret: phrase, passphrase });
    const addedAtMs = Date.now();
    await writePhrase({ principalText, envelope, addedAtMs, failures: 0, retryAtMs: 0 });
    await this.load();
  }

  /** Signs in with a phrase of this device. Errors: `WrongPassphrase`, which says when to try again. */
  async open(key: VaultKey): Promise<Login> {
    return loginWithPhrase(await this.reveal(key));
  }

  /** The words themselves. Errors: `WrongPassphrase`, which says when to try again. */
  async reveal({ principalText, passphrase }: VaultKey): Promise<string> {
    await this.load();
    const kept = this.phrases.find((one) => one.principalText === principalText);
    if (kept === undefined) throw new Error('That seed phrase is not on this device any more.');
    const nowMs = Date.now();
    if (kept.retryAtMs > nowMs) throw new WrongPassphrase(kept.retryAtMs);
    const phrase = await openVault(kept.envelope, passphrase);
    if (phrase === undefined) {
      const failures = kept.failures + 1;
      const retryAtMs = Date.now() + waitAfterMs(failures);
      await writePhrase({ ...kept, failures, retryAtMs });
      await this.load();
      throw new WrongPassphrase(retryAtMs);
    }
    if (kept.failures > 0) await writePhrase({ ...kept, failures: 0, retryAtMs: 0 });
    return phrase;
  }

  /** Removes a phrase from this device. Without its words the account is gone then. */
  async forget(principalText: string): Promise<void> {
    await deletePhrase(principalText);
    await this.load();
  }
}

export const vault = new Vault();

/** A session of an hour for the owner of a phrase. */
export async function loginWithPhrase(phrase: string): Promise<Login> {
  const [{ loginOfPhrase }, clockAheadMs] = await Promise.all([
    import('../services/login.service.ts'),
    networkAheadMs(),
  ]);
  return loginOfPhrase({ phrase, nowMs: Date.now(), clockAheadMs });
}

/** A device's clock may be off; a session has to end by the network's. */
async function networkAheadMs(): Promise<number> {
  const { agent } = app.actors;
  return agent.syncTime(Principal.fromText(app.deployment.canisters.rental)).then(
    () => agent.getTimeDiffMsecs(),
    // Out of reach: whatever is called next will say so.
    () => 0,
  );
}
