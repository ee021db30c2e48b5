import { HttpAgent } from '@dfinity/agent';
import { Secp256k1KeyIdentity } from '@dfinity/identity-secp256k1';
import { IcrcLedgerCanister } from '@dfinity/ledger-icrc';
import { Principal } from '@dfinity/principal';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DappWorld } from './dapp/dapp-world.ts';
import { cancelRental, rentGuestBook, revealPasswords, serviceUrl } from './dapp/renting.ts';
import { goTo } from './dapp/screens.ts';
import {
  beginWithPhrase,
  createPhrase,
  importPhrase,
  openChooser,
  signInByWindow,
} from './dapp/sign-in.ts';

const PHONE = { widthPx: 360, colorScheme: 'dark' } as const;
const DESKTOP = { widthPx: 1440, colorScheme: 'light' } as const;
const CKUSDC = 'xevnm-gaaaa-aaaar-qafnq-cai';
const UNITS = 1_000_000;

let dapp: DappWorld;

beforeAll(async () => {
  dapp = await DappWorld.open();
});

afterAll(() => dapp.close());

/** What the ledger itself says that the demo renter has, in ckUSDC's smallest units. */
async function renterBalance(): Promise<bigint> {
  const agent = HttpAgent.createSync({
    host: dapp.start.valueOf('Network:'),
    rootKey: Buffer.from(dapp.start.valueOf('Root key:'), 'hex'),
  });
  const ledger = IcrcLedgerCanister.create({ agent, canisterId: Principal.fromText(CKUSDC) });
  const owner = Secp256k1KeyIdentity.fromSeedPhrase(dapp.renterPhrase).getPrincipal();
  return ledger.balance({ owner, certified: false });
}

/** The account page shows as whom the canisters know this person. */
async function expectPrincipal(page: Page, principal: string): Promise<void> {
  await goTo(page, { name: 'account', path: '/account', heading: /account/i });
  await page.getByText(principal).first().waitFor();
}

describe('the dapp', () => {
  it.each([{ view: DESKTOP }, { view: PHONE }])(
    'rents, shows that it runs, cancels and refunds, at $view.widthPx px',
    async ({ view }) => {
      const { page, errors } = await dapp.visit('/', view);
      await openChooser(page);
      await importPhrase(page, dapp.renterPhrase);
      await rentGuestBook(page, `Seen at ${view.widthPx}`);

      const service = await (await fetch(await serviceUrl(page))).text();
      expect(service).toContain(`<h1>Seen at ${view.widthPx}</h1>`);
      const password = (await revealPasswords(page)).get('ADMIN_PASSWORD') ?? '';
      const authorization = `Basic ${Buffer.from(`owner:${password}`).toString('base64')}`;
      const owners = await fetch(`${await serviceUrl(page)}entries`, {
        method: 'DELETE',
        headers: { authorization },
      });
      expect(owners.status).toBe(200);

      const before = await renterBalance();
      const refund = await cancelRental(page);
      const [, amount = '', block = ''] =
        /Refund: ([\d.]+) ckUSDC — arrived, block (\d+)/i.exec(refund) ?? [];
      expect(Number(block)).toBeGreaterThan(0);
      expect((await renterBalance()) - before).toBe(BigInt(Math.round(Number(amount) * UNITS)));
      expect(errors).toEqual([]);
      await page.context().close();
    },
  );

  it('makes new words, which are the same person on another device', async () => {
    const first = await dapp.visit('/recipes');
    await openChooser(first.page);
    const words = await createPhrase(first.page);
    const expected = Secp256k1KeyIdentity.fromSeedPhrase(words).getPrincipal().toText();
    await expectPrincipal(first.page, expected);
    await first.page.context().close();

    const second = await dapp.visit('/recipes');
    await openChooser(second.page);
    await beginWithPhrase(second.page, words);
    await expectPrincipal(second.page, expected);
    expect(second.errors).toEqual([]);
    await second.page.context().close();
  });

  it.each(['Google', 'passkey'] as const)(
    'signs in with %s, and stays so after a reload',
    async (method) => {
      const { page, errors } = await dapp.visit('/recipes');
      await openChooser(page);
      await signInByWindow(page, method, method === 'Google' ? 'ada@example.org' : 'Grace');
      await page.reload();
      await page
        .getByRole('banner')
        .getByRole('button', { name: new RegExp(method, 'i') })
        .waitFor();
      expect(errors).toEqual([]);
      await page.context().close();
    },
  );
});
