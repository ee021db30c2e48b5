const LAST_OCTET = 254;
const COUNT = 256 * LAST_OCTET;

/** Addresses of the machine's own loopback network, of which a server has one for itself. */
export class AddressPool {
  readonly #prefix: string;
  #last = -1;

  /** `prefix`: the first two bytes, e.g. `127.20`. */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /**
   * One that is not in use, and that was not in use lately.
   *
   * Errors: throws if there is none left.
   */
  take(inUse: ReadonlySet<string>): string {
    for (let tries = 0; tries < COUNT; tries += 1) {
      this.#last = (this.#last + 1) % COUNT;
      const address = this.#addressOf(this.#last);
      if (!inUse.has(address)) return address;
    }
    throw new Error(`every address of ${this.#prefix}.0.0/16 is in use`);
  }

  #addressOf(index: number): string {
    const third = Math.floor(index / LAST_OCTET);
    return `${this.#prefix}.${third}.${(index % LAST_OCTET) + 1}`;
  }
}
