export interface NavItem {
  readonly href: string;
  readonly label: string;
}

/** What most people come for. */
export const MAIN_NAV: readonly NavItem[] = [
  { href: '/', label: 'Market' },
  { href: '/recipes', label: 'Recipes' },
  { href: '/rentals', label: 'My rentals' },
  { href: '/wallet', label: 'Wallet' },
  { href: '/sell', label: 'Sell' },
  { href: '/author', label: 'Write recipes' },
];

/** What anybody may check. */
export const TRUST_NAV: readonly NavItem[] = [
  { href: '/solvency', label: 'Solvency' },
  { href: '/token-value', label: 'Token value' },
  { href: '/status', label: 'Status' },
  { href: '/operator', label: 'Operator' },
];

/** Whether a page is the item's or below it. */
export function isCurrent(item: NavItem, path: string): boolean {
  if (item.href === '/') return path === '/' || path.startsWith('/offers');
  return path === item.href || path.startsWith(`${item.href}/`);
}
