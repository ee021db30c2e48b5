import { hkdfSync } from 'node:crypto';
import { alphanumerics, derivationInfo, type SecretPurpose } from '../core/derivation.ts';
import type { JobId } from '../core/ids.ts';
import type { RentalRef } from '../core/server-name.ts';
import { sshKeyPair, type SshKeyPair } from './openssh-key.ts';

const KEY_BYTES = 32;
/** Of which one in 32 cannot be used: far more than the longest secret needs. */
const STREAM_BYTES = 1_024;
const LONGEST_SECRET = 128;
/** Deriving one takes some milliseconds, and a machine that boots is knocked at every second. */
const KEPT_PAIRS = 200;

/**
 * All secrets of rentals, derived from the bridge's seed: nothing is stored, and whoever has the seed gets
 * the same. One says nothing about another. Source: RFC 5869 with SHA-256.
 */
export class RentalSecrets {
  readonly #seed: Uint8Array;
  readonly #pairs = new Map<string, SshKeyPair>();

  constructor(seed: Uint8Array) {
    this.#seed = seed;
  }

  /** By which the machine is known. */
  hostKey(rental: RentalRef): SshKeyPair {
    return this.#keyPair(rental, { kind: 'host-key' });
  }

  /** Opens and shuts the machine's door. */
  doorKey(rental: RentalRef): SshKeyPair {
    return this.#keyPair(rental, { kind: 'door-key' });
  }

  jobKey(rental: RentalRef, jobId: JobId): SshKeyPair {
    return this.#keyPair(rental, { kind: 'job-key', jobId });
  }

  /** Letters and digits; the same for every version of the recipe. */
  generatedSecret(
    rental: RentalRef,
    secret: { readonly recipeId: number; readonly name: string; readonly length: number },
  ): string {
    const { recipeId, name, length } = secret;
    if (length > LONGEST_SECRET) throw new RangeError('no secret is that long');
    const stream = this.#derive(rental, { kind: 'secret', recipeId, name }, STREAM_BYTES);
    const text = alphanumerics(stream, length);
    if (text.length < length) throw new RangeError('the stream is too short for the secret');
    return text;
  }

  #keyPair(rental: RentalRef, purpose: SecretPurpose): SshKeyPair {
    const name = derivationInfo(rental, purpose);
    const pair = this.#pairs.get(name) ?? sshKeyPair(this.#derive(rental, purpose, KEY_BYTES));
    this.#pairs.delete(name);
    this.#pairs.set(name, pair);
    const [longestUnused] = this.#pairs.keys();
    if (this.#pairs.size > KEPT_PAIRS && longestUnused !== undefined) {
      this.#pairs.delete(longestUnused);
    }
    return pair;
  }

  #derive(rental: RentalRef, purpose: SecretPurpose, length: number): Uint8Array {
    const info = derivationInfo(rental, purpose);
    return new Uint8Array(hkdfSync('sha256', this.#seed, '', info, length));
  }
}
