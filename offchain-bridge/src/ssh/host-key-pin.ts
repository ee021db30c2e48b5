import { timingSafeEqual } from 'node:crypto';
import { fingerprintOf } from '../secrets/openssh-key.ts';

/** The only kind of host key that machines of ours have. */
export const HOST_KEY_TYPE = 'ssh-ed25519';

/** Remembers the key that a host shows, and says whether it is the one that is known. */
export class HostKeyPin {
  readonly #known: Buffer;
  #seen: Buffer | undefined;

  /** `ssh-ed25519 AAAA…`. */
  constructor(hostKeyLine: string) {
    const [type, blob = ''] = hostKeyLine.split(' ');
    this.#known = type === HOST_KEY_TYPE ? Buffer.from(blob, 'base64') : Buffer.alloc(0);
  }

  /** Takes as long for a key that is nearly right as for any other of its length. */
  verify(key: Buffer): boolean {
    this.#seen = Buffer.from(key);
    return key.length === this.#known.length && timingSafeEqual(key, this.#known);
  }

  /** The fingerprint of a key that was shown and is another one. */
  get strange(): string | undefined {
    const seen = this.#seen;
    return seen === undefined || seen.equals(this.#known) ? undefined : fingerprintOf(seen);
  }
}
