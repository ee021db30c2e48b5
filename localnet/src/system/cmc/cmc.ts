import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { accountIdOf, type AccountId } from '../ledger/icp/account-identifier.ts';
import type { Account } from '../ledger/core/account.ts';
import { readAccount, writeAccount, type WireAccount } from '../ledger/wire/icrc-messages.ts';
import { Account as AccountType } from '../ledger/wire/icrc-types.ts';
import { ConversionRates, RatesSnapshot, type RatesValue } from './conversion-rate.ts';
import { Notifications, NotificationsSnapshot, type NotificationsValue } from './notifications.ts';
import { SubnetLists, SubnetsSnapshot, type SubnetsValue } from './subnet-lists.ts';

export interface CmcGenesis {
  readonly nowNs: bigint;
  readonly defaultSubnets: readonly Principal[];
  /** The ICP ledger's minting account, which burned ICP goes to. */
  readonly mintingAccount: Account;
  /** 1/10,000 of XDR per ICP; one XDR is a trillion cycles. */
  readonly xdrPermyriadPerIcp: bigint;
}

const Snapshot = IDL.Record({
  mintingAccount: AccountType,
  isCertified: IDL.Bool,
  rates: RatesSnapshot,
  subnets: SubnetsSnapshot,
  notifications: NotificationsSnapshot,
});

interface SnapshotValue {
  readonly mintingAccount: WireAccount;
  readonly isCertified: boolean;
  readonly rates: RatesValue;
  readonly subnets: SubnetsValue;
  readonly notifications: NotificationsValue;
}

/** State of the cycles minting canister. */
export class Cmc {
  #mintingAccount: Account;
  readonly rates: ConversionRates;
  readonly subnets: SubnetLists;
  readonly notifications = new Notifications();
  isCertified = false;

  constructor(genesis: CmcGenesis) {
    this.#mintingAccount = genesis.mintingAccount;
    this.rates = new ConversionRates(genesis);
    this.subnets = new SubnetLists(genesis.defaultSubnets);
  }

  get mintingId(): AccountId {
    return accountIdOf(this.#mintingAccount);
  }

  save(): Uint8Array {
    const value: SnapshotValue = {
      mintingAccount: writeAccount(this.#mintingAccount),
      isCertified: this.isCertified,
      rates: this.rates.save(),
      subnets: this.subnets.save(),
      notifications: this.notifications.save(),
    };
    return IDL.encode([Snapshot], [value]);
  }

  load(bytes: Uint8Array): void {
    const value = IDL.decode([Snapshot], new Uint8Array(bytes))[0] as unknown as SnapshotValue;
    this.#mintingAccount = readAccount(value.mintingAccount);
    this.isCertified = value.isCertified;
    this.rates.load(value.rates);
    this.subnets.load(value.subnets);
    this.notifications.load(value.notifications);
  }
}
