import type { Rental } from '../api/wire.ts';

/** How a way to sign in is called in lists. */
export function kindNameOf(kind: Rental.LoginKind): string {
  if ('Google' in kind) return 'Google';
  if ('Passkey' in kind) return 'Passkey';
  if ('SeedPhrase' in kind) return 'Seed phrase';
  return 'Other';
}

export type NoticeGroupName = 'Money' | 'Outage' | 'Lifecycle' | 'News';

export interface NoticeGroupWords {
  readonly name: NoticeGroupName;
  readonly label: string;
  /** Is sent, whatever was chosen. */
  readonly isAlwaysOn: boolean;
}

export const NOTICE_GROUPS: readonly NoticeGroupWords[] = [
  { name: 'Money', label: 'Money: payments, refunds, payouts', isAlwaysOn: true },
  { name: 'Outage', label: 'Outages of your machines', isAlwaysOn: true },
  { name: 'Lifecycle', label: 'Rentals: ready, ending, ended', isAlwaysOn: false },
  { name: 'News', label: 'News: new versions of recipes you run', isAlwaysOn: false },
];

export function groupNameOf(group: Rental.NoticeGroup): NoticeGroupName {
  if ('Money' in group) return 'Money';
  if ('Outage' in group) return 'Outage';
  return 'Lifecycle' in group ? 'Lifecycle' : 'News';
}

export function wireGroupOf(name: NoticeGroupName): Rental.NoticeGroup {
  switch (name) {
    case 'Money':
      return { Money: null };
    case 'Outage':
      return { Outage: null };
    case 'Lifecycle':
      return { Lifecycle: null };
    case 'News':
      return { News: null };
  }
}
