import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { VIEWS, type View } from '../support/browser.ts';
import { DappWorld } from './dapp-world.ts';
import { goTo, PERSONAL_SCREENS, PUBLIC_SCREENS, type Screen } from './screens.ts';
import { importPhrase, openChooser } from './sign-in.ts';

/** Writes every screen, at desktop and phone width, light and dark, to `.screens/`. */
const FOLDER = '.screens';

async function takeAll(dapp: DappWorld, view: View): Promise<void> {
  const { page } = await dapp.visit('/', view);
  const take = async (name: string): Promise<void> => {
    const file = `${name}-${view.widthPx.toString()}-${view.colorScheme}.png`;
    await page.screenshot({ path: join(FOLDER, file), fullPage: true });
    process.stdout.write(`${file}\n`);
  };
  const visit = async (screens: readonly Screen[], prefix: string): Promise<void> => {
    for (const screen of screens) {
      await goTo(page, screen);
      await take(`${prefix}${screen.name}`);
    }
  };
  await visit(PUBLIC_SCREENS, '');
  await visit(PERSONAL_SCREENS, 'nobody-');
  await openChooser(page);
  await take('login');
  await importPhrase(page, dapp.renterPhrase);
  await visit(PERSONAL_SCREENS, '');
  await page.context().close();
}

mkdirSync(FOLDER, { recursive: true });
const dapp = await DappWorld.open();
try {
  for (const view of VIEWS) await takeAll(dapp, view);
} finally {
  await dapp.close();
}
