import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

/** A screen, and what is on it once it is all there. */
export interface Screen {
  readonly name: string;
  readonly path: string;
  readonly heading: RegExp;
}

/** For anybody. The demo market has these. */
export const PUBLIC_SCREENS: readonly Screen[] = [
  { name: 'market', path: '/', heading: /Rent a server/ },
  { name: 'market-nothing', path: '/?words=nosuchthing', heading: /Rent a server/ },
  { name: 'offer', path: '/offers/1', heading: /./ },
  { name: 'recipes', path: '/recipes', heading: /Recipes/ },
  { name: 'recipe', path: '/recipes/guest-book', heading: /guest-book/ },
  { name: 'solvency', path: '/solvency', heading: /Solvency/ },
  { name: 'token-value', path: '/token-value', heading: /Token value/ },
  { name: 'operator', path: '/operator', heading: /Operator/ },
  { name: 'status', path: '/status', heading: /Status/ },
  { name: 'not-found', path: '/no/such/page', heading: /no such page/ },
];

/** For who is signed in; without anybody they say what they are for. */
export const PERSONAL_SCREENS: readonly Screen[] = [
  { name: 'rentals', path: '/rentals', heading: /rentals/i },
  { name: 'rental', path: '/rentals/0', heading: /./ },
  { name: 'wallet', path: '/wallet', heading: /Wallet/ },
  { name: 'account', path: '/account', heading: /account/i },
  { name: 'notifications', path: '/notifications', heading: /Notifications|Notices/ },
  { name: 'author', path: '/author', heading: /recipes/i },
  { name: 'author-new', path: '/author/new', heading: /recipe/i },
  { name: 'sell', path: '/sell', heading: /Sell/ },
  { name: 'sell-profile', path: '/sell/profile', heading: /./ },
  { name: 'sell-agents', path: '/sell/agents', heading: /./ },
  { name: 'sell-clouds', path: '/sell/clouds', heading: /./ },
  { name: 'sell-offerings', path: '/sell/offerings', heading: /./ },
  { name: 'sell-rentals', path: '/sell/rentals', heading: /./ },
  { name: 'sell-earnings', path: '/sell/earnings', heading: /./ },
];

/** Goes there without loading the page anew, as a link on it would, and waits until all is there. */
export async function goTo(page: Page, { path, heading }: Screen): Promise<void> {
  await page.evaluate((href) => {
    const link = document.createElement('a');
    link.href = href;
    document.body.append(link);
    link.click();
    link.remove();
  }, path);
  await settled(page, heading);
}

/** Waits until the screen has its heading and reads nothing any more. */
async function settled(page: Page, heading: RegExp): Promise<void> {
  await page.getByRole('heading', { level: 1, name: heading }).waitFor();
  await page.waitForFunction(() => document.querySelector('main [aria-busy=true]') === null);
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Serious and critical findings of axe-core, each with where it is. */
export async function seriousFindings(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    interface Finding {
      readonly id: string;
      readonly impact: string;
      readonly nodes: readonly { readonly html: string }[];
    }
    const { axe } = globalThis as unknown as {
      readonly axe: { run(): Promise<{ readonly violations: readonly Finding[] }> };
    };
    const { violations } = await axe.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  });
}
