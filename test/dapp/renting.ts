import type { Page } from 'playwright-core';

/** Rents a guest book from the market on, and gives the number of the rental once it is ready. */
export async function rentGuestBook(page: Page, title: string): Promise<string> {
  await page
    .getByRole('link', { name: /Guest book on a small machine/ })
    .first()
    .click();
  await page.getByRole('heading', { name: 'Rent it' }).waitFor();
  await page.getByLabel(/title/i).fill(title);
  await page.getByRole('button', { name: 'Make me one' }).click();
  await page.getByRole('button', { name: 'Save the private key and use it' }).click();
  await page.getByLabel('For how long').fill('1');
  await page.getByLabel('Unit').selectOption('days');
  await page.getByRole('radio', { name: /ckUSDC/ }).check();
  await page.getByRole('button', { name: 'Lock the price' }).click();
  await page.getByTestId('countdown').waitFor();
  await page.getByRole('button', { name: 'Pay and rent' }).click();
  await page.waitForURL(/\/rentals\/\d+$/);
  // The address is known some seconds before the service answers there.
  await page.getByTestId('rental-state').getByText('Running', { exact: true }).waitFor();
  return new URL(page.url()).pathname.split('/').at(-1) ?? '';
}

/** Cancels the rental whose page is open, and gives what the page says of the refund in the end. */
export async function cancelRental(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Cancel the rental …' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Back to you at once').waitFor();
  await dialog.getByRole('button', { name: 'Cancel the rental and delete the machine' }).click();
  const refund = page.getByText(/^Refund: .+arrived/i);
  await refund.waitFor();
  return refund.innerText();
}

/** The passwords of the rental whose page is open, by name. */
export async function revealPasswords(page: Page): Promise<ReadonlyMap<string, string>> {
  const section = page.getByRole('region', { name: 'Passwords' });
  await section.getByRole('button', { name: 'Reveal' }).click();
  await section.getByRole('button', { name: 'Hide' }).waitFor();
  const names = await section.locator('dt').allInnerTexts();
  const values = await section.locator('dd code').allInnerTexts();
  return new Map(names.map((name, index) => [name, values[index] ?? '']));
}

/** Where the service of the rental whose page is open answers. */
export async function serviceUrl(page: Page): Promise<string> {
  return (await page.getByRole('link', { name: /Open the service/ }).getAttribute('href')) ?? '';
}
