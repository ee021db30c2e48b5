import { createContext } from 'svelte';
import { listMyAgents } from '../api/agent.api.ts';
import { listCloudAccounts } from '../api/cloud-account.api.ts';
import { listLiveOfferings } from '../api/offering.api.ts';
import { readPayee } from '../api/payout.api.ts';
import { readMyProvider } from '../api/seller.api.ts';
import type { Rental } from '../api/wire.ts';
import type { SellerProgress } from '../services/seller-form.service.ts';
import { app } from './app.state.svelte.ts';
import { Resource } from './resource.state.svelte.ts';

/** What a seller has, shared by the pages below `/sell`; made anew for another person. */
export class SellerDesk {
  /** `isRegistered` false: the person is no seller yet. */
  readonly profile = new Resource(
    async () => {
      const provider = await readMyProvider(app.actors);
      return { isRegistered: provider !== undefined, provider };
    },
    { what: 'It could not be read whether you sell.' },
  );
  readonly agents = new Resource<readonly Rental.GrantedAgent[]>(
    async () => (this.provider === undefined ? [] : listMyAgents(app.actors)),
    { what: 'Your bridges could not be read.' },
  );
  readonly accounts = new Resource<readonly Rental.CloudAccount[]>(
    async () => (this.provider === undefined ? [] : listCloudAccounts(app.actors)),
    { what: 'Your cloud accounts could not be read.' },
  );
  readonly offerings = new Resource<readonly Rental.Offering[]>(
    async () => {
      const { provider } = this;
      return provider === undefined ? [] : listLiveOfferings(app.actors, provider.id);
    },
    { what: 'Your offers could not be read.' },
  );

  readonly payee = new Resource(() => readPayee(app.actors), {
    what: 'Where you are paid could not be read.',
    money: 'Payouts go on all the same.',
  });

  get provider(): Rental.Provider | undefined {
    return this.profile.value?.provider;
  }

  /** What is done of what selling takes; undefined while that is not known. */
  get progress(): SellerProgress | undefined {
    const { profile, agents, accounts, offerings } = this;
    if (profile.value === undefined || agents.value === undefined) return undefined;
    if (accounts.value === undefined || offerings.value === undefined) return undefined;
    return {
      isRegistered: profile.value.isRegistered,
      hasAgent: agents.value.length > 0,
      hasAccount: accounts.value.length > 0,
      hasOffer: offerings.value.length > 0,
    };
  }

  /** Reads all of it. Never throws. */
  async load(): Promise<void> {
    await this.profile.load();
    await Promise.all([this.agents.load(), this.accounts.load(), this.offerings.load()]);
    if (this.provider !== undefined) await this.payee.load();
  }
}

export const [useDesk, provideDesk] = createContext<SellerDesk>();
