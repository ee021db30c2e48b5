import { chromium, type Browser, type Page } from 'playwright-core';
import { findChromium } from '../../scripts/lib/chromium.ts';

/** As root Chromium needs `--no-sandbox`; the rest keeps it from calling home. */
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface View {
  readonly widthPx: number;
  readonly colorScheme: 'light' | 'dark';
}

/** What every page has to look right on. */
export const VIEWS: readonly View[] = [
  { widthPx: 1440, colorScheme: 'light' },
  { widthPx: 1440, colorScheme: 'dark' },
  { widthPx: 360, colorScheme: 'light' },
  { widthPx: 360, colorScheme: 'dark' },
];

export interface OpenPage {
  readonly page: Page;
  /** Console errors and uncaught exceptions since the page was opened. */
  readonly errors: readonly string[];
}

export async function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined)
    throw new Error('Chromium is missing: npm run test:e2e gets it');
  return chromium.launch({ executablePath, args: ARGS });
}

/** Opens an empty page of that size and colour scheme, with its errors on record. */
export async function newPage(browser: Browser, view: View): Promise<OpenPage> {
  const context = await browser.newContext({
    viewport: { width: view.widthPx, height: 900 },
    colorScheme: view.colorScheme,
  });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(error.message));
  return { page, errors };
}

/** How far the page can be scrolled sideways; 0 when everything fits. */
export function overflowPx(page: Page): Promise<number> {
  return page.evaluate(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
}
