import type { Backend } from '../core/job-work.ts';
import type { CloudAccountId } from '../core/ids.ts';
import { WorkError } from '../core/work-error.ts';
import type { Clock } from '../ports/clock.port.ts';
import type { CloudProvider } from '../ports/cloud.port.ts';
import { createHetznerProvider, HETZNER_LIMIT } from './hetzner/hetzner.provider.ts';
import { RateLimiter } from './rate-limiter.ts';

/** Where clouds are, and whether this bridge works them. */
export interface ProviderSettings {
  readonly hetzner: { readonly url: string; readonly isEnabled: boolean };
}

export interface AccountAccess {
  readonly account: CloudAccountId;
  readonly backend: Backend;
  readonly token: string;
}

interface Deps {
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly timeoutMs?: number;
}

const NAMES: Readonly<Record<Backend, string>> = {
  hetzner: 'Hetzner',
  digitalocean: 'DigitalOcean',
  vultr: 'Vultr',
  docker: 'Docker',
  proxmox: 'Proxmox',
};
const DISABLED_RETRY_MS = 60_000;

/** Opens accounts at the clouds that this bridge works. */
export class ProviderRegistry {
  readonly #settings: ProviderSettings;
  readonly #deps: Deps;
  readonly #limiters = new Map<CloudAccountId, RateLimiter>();

  constructor(settings: ProviderSettings, deps: Deps) {
    this.#settings = settings;
    this.#deps = deps;
  }

  /**
   * An account opened twice has one rate limit. Throws a `WorkError`: config for a cloud that this bridge
   * does not know, transient while its operator has switched the cloud off.
   */
  open({ account, backend, token }: AccountAccess): CloudProvider {
    switch (backend) {
      case 'hetzner': {
        const { url, isEnabled } = this.#settings.hetzner;
        if (!isEnabled) throw switchedOff(backend);
        const limiter = this.#limiterOf(account, HETZNER_LIMIT);
        return createHetznerProvider({ ...this.#deps, token, baseUrl: url, limiter });
      }
      case 'digitalocean':
      case 'vultr':
      case 'docker':
      case 'proxmox':
        throw new WorkError(
          'config',
          `This bridge does not work with ${NAMES[backend]}. The seller has to choose one that does.`,
        );
    }
  }

  #limiterOf(account: CloudAccountId, limit: number): RateLimiter {
    const { clock, random } = this.#deps;
    const limiter = this.#limiters.get(account) ?? new RateLimiter({ clock, random, limit });
    this.#limiters.set(account, limiter);
    return limiter;
  }
}

function switchedOff(backend: Backend): WorkError {
  return new WorkError(
    'transient',
    `The operator of this bridge has switched ${NAMES[backend]} off for the moment.`,
    { retryAfterMs: DISABLED_RETRY_MS },
  );
}
