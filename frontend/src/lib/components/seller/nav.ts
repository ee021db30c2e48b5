/** The pages of a seller. */
export const SELL_NAV = [
  { href: '/sell', label: 'Overview' },
  { href: '/sell/offerings', label: 'Offers' },
  { href: '/sell/rentals', label: 'Rentals' },
  { href: '/sell/earnings', label: 'Earnings' },
  { href: '/sell/clouds', label: 'Cloud accounts' },
  { href: '/sell/agents', label: 'Bridges' },
  { href: '/sell/profile', label: 'Profile' },
] as const;

/** Whether a page is the item's or below it. */
export function isHere(href: string, path: string): boolean {
  return path === href || (href !== '/sell' && path.startsWith(`${href}/`));
}
