import type { NoticeGroup } from '../accounts/account.ts';
import type { NoticeKind } from '../rentals/rental-event.ts';

const GROUPS: Readonly<Record<NoticeKind, NoticeGroup>> = {
  'rental-paid': 'money',
  'rental-ready': 'lifecycle',
  'rental-failed': 'money',
  'rental-ending-soon': 'lifecycle',
  'rental-ended': 'money',
  'rental-closed': 'money',
  'rental-down': 'outage',
  'rental-up': 'outage',
  'deletion-delayed': 'lifecycle',
  'recipe-upgraded': 'lifecycle',
  'recipe-rolled-back': 'lifecycle',
  'operation-failed': 'lifecycle',
  'cloud-account-invalid': 'outage',
  'sla-unproven': 'money',
  'stray-deleted': 'lifecycle',
};

/** What people can mute together. */
export function groupOf(kind: NoticeKind): NoticeGroup {
  return GROUPS[kind];
}

/** False if the recipient does not want it sent. Money and outage are always sent. */
export function isSent(kind: NoticeKind, muted: readonly NoticeGroup[]): boolean {
  const group = groupOf(kind);
  return group === 'money' || group === 'outage' || !muted.includes(group);
}
