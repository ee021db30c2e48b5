import type { Rental } from '../api/wire.ts';
import { armOf, type ArmOf } from './variant.service.ts';

export type NotificationKind = ArmOf<Rental.NotificationKind>;
export type NotificationTone = 'good' | 'warn' | 'bad' | 'info' | 'plain';

interface KindWords {
  readonly label: string;
  readonly tone: NotificationTone;
  /** What the link to the rental says. */
  readonly action: string;
}

const LOOK = 'Open the rental';

/** Words for every kind. */
export const KIND_WORDS: Readonly<Record<NotificationKind, KindWords>> = {
  RentalPaid: { label: 'Paid', tone: 'info', action: 'Watch it being made' },
  RentalReady: { label: 'Ready', tone: 'good', action: 'See how to reach it' },
  RentalFailed: { label: 'Not delivered', tone: 'bad', action: 'See the refund' },
  RentalEndingSoon: { label: 'Ends soon', tone: 'warn', action: 'Extend it' },
  RentalEnded: { label: 'Ended', tone: 'plain', action: 'See the refund' },
  RentalClosed: { label: 'Settled', tone: 'plain', action: LOOK },
  RentalDown: { label: 'Down', tone: 'bad', action: 'See what was tried' },
  RentalUp: { label: 'Up again', tone: 'good', action: LOOK },
  DeletionDelayed: { label: 'Deletion delayed', tone: 'warn', action: LOOK },
  RecipeUpgraded: { label: 'Upgraded', tone: 'good', action: LOOK },
  RecipeRolledBack: { label: 'Rolled back', tone: 'warn', action: 'See why' },
  OperationFailed: { label: 'Did not work', tone: 'bad', action: 'See why' },
  CloudAccountInvalid: { label: 'Cloud account', tone: 'bad', action: LOOK },
  SlaUnproven: { label: 'Uptime unproven', tone: 'warn', action: 'See the numbers' },
  StrayDeleted: { label: 'Stray server deleted', tone: 'info', action: LOOK },
};

const UNKNOWN: KindWords = { label: 'News', tone: 'plain', action: LOOK };

/** Also of kinds that this page does not know. */
export function kindWords(kind: Rental.Notification['kind']): KindWords {
  const [known] = kind;
  return known === undefined ? UNKNOWN : KIND_WORDS[armOf(known)];
}

/** On a bell: nothing, the number, or that there are many. */
export function unreadText(unread: bigint): string {
  if (unread === 0n) return '';
  return unread > 99n ? '99+' : unread.toString();
}

/** What a bell says to those who do not see it. */
export function bellName(unread: bigint | undefined): string {
  if (unread === undefined || unread === 0n) return 'Notifications, none unread';
  return `Notifications, ${unread.toString()} unread`;
}
