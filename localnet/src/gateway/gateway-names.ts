import { Principal } from '@dfinity/principal';

/** RFC 1123: one part of a host name. */
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** The name cannot be given to a canister. */
export class GatewayNameError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'GatewayNameError';
  }
}

/**
 * Friendly names for canisters: `frontend` makes `frontend.localhost` and `frontend.raw.localhost`
 * work; a name with dots is a whole host name of its own.
 */
export class GatewayNames {
  readonly #canisters = new Map<string, Principal>();
  readonly #reserved = new Set<string>(['raw']);

  /**
   * Keeps `name`, and with it `<name>.localhost`, for what is no canister. Errors:
   * `GatewayNameError` if a canister has it.
   */
  reserve(name: string): void {
    for (const kept of [name, `${name}.localhost`]) {
      if (this.#canisters.has(kept)) throw new GatewayNameError(`"${kept}" names a canister`);
      this.#reserved.add(kept);
    }
  }

  /**
   * Gives `name` to a canister, taking it from any other. Errors: `GatewayNameError` if it is no
   * host name, is `raw` or reserved, or reads as a canister id.
   */
  register(name: string, canisterId: Principal): void {
    const lower = name.toLowerCase();
    const isHostName = lower.split('.').every((label) => LABEL.test(label));
    if (!isHostName || this.#reserved.has(lower) || canisterIdFrom(lower) !== undefined) {
      throw new GatewayNameError(`"${name}" cannot name a canister`);
    }
    this.#canisters.set(lower, canisterId);
  }

  remove(name: string): void {
    this.#canisters.delete(name.toLowerCase());
  }

  find(name: string): Principal | undefined {
    return this.#canisters.get(name);
  }

  entries(): [name: string, canisterId: Principal][] {
    return [...this.#canisters];
  }
}

/** The principal a text stands for, or undefined if it is not exactly one. */
export function canisterIdFrom(text: string): Principal | undefined {
  if (!text.includes('-')) return undefined;
  try {
    const principal = Principal.fromText(text);
    return principal.toText() === text ? principal : undefined;
  } catch {
    return undefined;
  }
}
