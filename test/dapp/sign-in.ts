import type { Page } from 'playwright-core';

export const PASSPHRASE = 'correct horse battery staple';

/** Opens the chooser from the header. */
export async function openChooser(page: Page): Promise<void> {
  await page.getByRole('banner').getByRole('button', { name: 'Sign in' }).click();
  await page.getByTestId('login-methods').waitFor();
}

/** Signs in with words that have an account already, from a chooser that is open. */
export async function importPhrase(page: Page, phrase: string): Promise<void> {
  await typePhrase(page, phrase);
  await page.getByText('There is an account for this phrase.').waitFor();
  await choosePassphrase(page, 'Sign in');
}

/** Begins with words that nobody has used here, which is asked for first. From a chooser that is open. */
export async function beginWithPhrase(page: Page, phrase: string): Promise<void> {
  await typePhrase(page, phrase);
  await page.getByText('No account for this phrase.').waitFor();
  await page.getByRole('button', { name: 'Begin with these words' }).click();
  await choosePassphrase(page, 'Create account');
}

/** Makes new words, copies them as a person would, and gives them. From a chooser that is open. */
export async function createPhrase(page: Page): Promise<string> {
  await page.getByRole('button', { name: /Use a seed phrase/ }).click();
  await page.getByRole('tab', { name: 'Create' }).click();
  await page.getByRole('button', { name: 'Show the words' }).click();
  const list = page.getByRole('list', { name: 'The words of the phrase' });
  const words = (await list.locator('li').allInnerTexts()).map((text) =>
    text.replace(/[\d\s]/g, ''),
  );
  await page.getByRole('button', { name: 'I have written them down' }).click();
  for (const question of await page.getByRole('group', { name: /^Word \d+$/ }).all()) {
    const [, position = ''] = /Word (\d+)/.exec(await question.innerText()) ?? [];
    const word = words[Number(position) - 1] ?? '';
    await question.getByRole('button', { name: word, exact: true }).first().click();
  }
  await page.getByRole('button', { name: 'Check', exact: true }).click();
  await choosePassphrase(page, 'Create account');
  return words.join(' ');
}

/** Answers in the window of the identity provider as that person. From a chooser that is open. */
export async function signInByWindow(
  page: Page,
  method: 'Google' | 'passkey',
  person: string,
): Promise<void> {
  const button = page.getByRole('button', { name: new RegExp(`Continue with ${method}`) });
  const [popup] = await Promise.all([page.waitForEvent('popup'), button.click()]);
  await popup.getByRole('textbox').fill(person);
  // The window may be gone before the key is up.
  await popup.keyboard.down('Enter');
  await isSignedIn(page);
}

/** Waits until the header shows who is signed in. */
async function isSignedIn(page: Page): Promise<void> {
  await page.getByTestId('login-methods').waitFor({ state: 'detached' });
  await page
    .getByRole('banner')
    .getByRole('button', { name: 'Sign in' })
    .waitFor({ state: 'detached' });
}

async function typePhrase(page: Page, phrase: string): Promise<void> {
  await page.getByRole('button', { name: /Use a seed phrase/ }).click();
  await page.getByRole('tab', { name: 'Import' }).click();
  await page.getByLabel('Your words').fill(phrase);
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
}

async function choosePassphrase(page: Page, verb: string): Promise<void> {
  await page.getByLabel('New passphrase').fill(PASSPHRASE);
  await page.getByLabel('The same passphrase again').fill(PASSPHRASE);
  await page.getByRole('dialog').getByRole('button', { name: verb, exact: true }).click();
  await isSignedIn(page);
}
