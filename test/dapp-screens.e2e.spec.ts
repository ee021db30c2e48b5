import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DappWorld } from './dapp/dapp-world.ts';
import {
  goTo,
  PERSONAL_SCREENS,
  PUBLIC_SCREENS,
  seriousFindings,
  type Screen,
} from './dapp/screens.ts';
import { secretsIn } from './dapp/secrets.ts';
import { createPhrase, importPhrase, openChooser, PASSPHRASE } from './dapp/sign-in.ts';
import { overflowPx } from './support/browser.ts';

const DESKTOP = { widthPx: 1440, colorScheme: 'light' } as const;
const PHONE = { widthPx: 360, colorScheme: 'dark' } as const;

let dapp: DappWorld;

beforeAll(async () => {
  dapp = await DappWorld.open();
});

afterAll(() => dapp.close());

/** What is wrong with the screens: what axe finds, and how far they can be scrolled sideways. */
async function faultsOf(page: Page, screens: readonly Screen[]): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const screen of screens) {
    await goTo(page, screen);
    const overflow = await overflowPx(page);
    if (overflow !== 0) faults.push(`${screen.name} is ${overflow} px too wide`);
    for (const finding of await seriousFindings(page)) faults.push(`${screen.name}: ${finding}`);
  }
  return faults;
}

describe.each([{ view: DESKTOP }, { view: PHONE }])(
  'every screen at $view.widthPx px, $view.colorScheme',
  ({ view }) => {
    it('fits and can be used by everybody, without anybody signed in', async () => {
      const { page } = await dapp.visit('/', view);
      expect(await faultsOf(page, [...PUBLIC_SCREENS, ...PERSONAL_SCREENS])).toEqual([]);
      await page.context().close();
    });

    it('fits and can be used by everybody, signed in', async () => {
      const { page } = await dapp.visit('/', view);
      await openChooser(page);
      expect(await seriousFindings(page)).toEqual([]);
      await importPhrase(page, dapp.renterPhrase);
      expect(await faultsOf(page, PERSONAL_SCREENS)).toEqual([]);
      await page.context().close();
    });
  },
);

describe('the login buttons', () => {
  it.each([360, 768, 1440])('are equal to the pixel in both themes at %d px', async (widthPx) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page } = await dapp.visit('/', { widthPx, colorScheme });
      await openChooser(page);
      const buttons = await page.getByTestId('login-methods').getByRole('button').all();
      const boxes = await Promise.all(buttons.map((button) => button.boundingBox()));
      expect(boxes).toHaveLength(3);
      for (const box of boxes) {
        expect(box).toMatchObject({
          x: boxes[0]?.x,
          width: boxes[0]?.width,
          height: boxes[0]?.height,
        });
      }
      await page.context().close();
    }
  });
});

describe('secrets', () => {
  it('of a new phrase are nowhere but before the eyes of their owner', async () => {
    const { page } = await dapp.visit('/recipes');
    const seen = secretsIn(page);
    await openChooser(page);
    const words = await createPhrase(page);
    await goTo(page, { name: 'account', path: '/account', heading: /account/i });
    expect(await seen.placesOf([words, PASSPHRASE])).toEqual([]);
    await page.context().close();
  });

  it('of an imported phrase neither', async () => {
    const { page } = await dapp.visit('/recipes');
    const seen = secretsIn(page);
    await openChooser(page);
    await importPhrase(page, dapp.renterPhrase);
    await goTo(page, { name: 'rental', path: '/rentals/0', heading: /./ });
    expect(await seen.placesOf([dapp.renterPhrase, PASSPHRASE])).toEqual([]);
    await page.context().close();
  });

  it('are found where they are left', async () => {
    const { page } = await dapp.visit('/recipes');
    const seen = secretsIn(page);
    await page.evaluate(() => {
      localStorage.setItem('leak', 'one two three four');
      document.body.dataset['leak'] = 'one two three four';
    });
    await page.evaluate("console.log('one two three four')");
    const places = await seen.placesOf(['one two three four']);
    expect(places).toEqual(expect.arrayContaining(['localStorage', 'attributes', 'console']));
    await page.context().close();
  });
});
