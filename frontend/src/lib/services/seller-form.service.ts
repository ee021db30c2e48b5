import type { Rental } from '../api/wire.ts';

/** What a seller says about itself, as it is typed. */
export interface SellerForm {
  name: string;
  description: string;
  website: string;
  supportContact: string;
}

export type SellerErrors = Readonly<Partial<Record<keyof SellerForm, string>>>;

export const SELLER_LIMITS = { name: 64, description: 2_000, website: 200, contact: 200 } as const;

const WEBSITE = /^https:\/\/[a-z0-9][a-z0-9.-]*\.[a-z]{2,}(:\d{1,5})?([/?#][!-~]*)?$/i;
/** What others read as a name must be what they see. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const HIDDEN = /[\p{Cc}\u{202a}-\u{202e}\u{2066}-\u{2069}]/u;

export function sellerFormOf(provider: Rental.ProviderInput | undefined): SellerForm {
  return {
    name: provider?.name ?? '',
    description: provider?.description ?? '',
    website: provider?.website ?? '',
    supportContact: provider?.support_contact ?? '',
  };
}

/** As the canister takes it. */
export function sellerInput(form: SellerForm): Rental.ProviderInput {
  const { name, description, website, supportContact } = form;
  return {
    name: name.trim(),
    description,
    website: website.trim(),
    support_contact: supportContact.trim(),
  };
}

/** What is wrong, at the field where it is; empty if nothing is. */
export function sellerErrors(form: SellerForm): SellerErrors {
  const { name, description, website, supportContact } = form;
  const errors: Partial<Record<keyof SellerForm, string>> = {};
  if (!isVisible(name, SELLER_LIMITS.name)) {
    errors.name = `Type 1 to ${SELLER_LIMITS.name} characters that can be seen.`;
  }
  if (description.length > SELLER_LIMITS.description) {
    errors.description = `At most ${SELLER_LIMITS.description} characters; these are ${description.length}.`;
  } else if (HIDDEN.test(description.replaceAll(/[\n\t]/g, ' '))) {
    errors.description = 'There is a character in it that cannot be seen. Type it anew.';
  }
  const address = website.trim();
  if (address !== '' && (address.length > SELLER_LIMITS.website || !WEBSITE.test(address))) {
    errors.website = 'Type an address that begins with https://, or leave it empty.';
  }
  if (!isVisible(supportContact, SELLER_LIMITS.contact)) {
    errors.supportContact = 'Say how renters reach you: an e-mail address, a chat, a page.';
  }
  return errors;
}

/** One line of 1 to so many characters that can be seen. */
export function isVisible(text: string, max: number): boolean {
  const trimmed = text.trim();
  return trimmed.length >= 1 && trimmed.length <= max && !UNSEEN.test(trimmed);
}

/** How far a seller is. */
export interface SellerProgress {
  readonly isRegistered: boolean;
  readonly hasAgent: boolean;
  readonly hasAccount: boolean;
  readonly hasOffer: boolean;
}

export interface SellerStep {
  readonly title: string;
  readonly text: string;
  readonly href: string;
  readonly action: string;
  readonly state: 'done' | 'next' | 'later';
}

/** What it takes to sell, in order, with what is done. */
export function sellerSteps(progress: SellerProgress): readonly SellerStep[] {
  const { isRegistered, hasAgent, hasAccount, hasOffer } = progress;
  const steps = [
    {
      title: 'Say who you are',
      text: 'A name and how renters reach you. It costs nothing, and earnings go to the login that registers.',
      href: '/sell/profile',
      action: 'Become a seller',
      isDone: isRegistered,
    },
    {
      title: 'Let a bridge work for you',
      text: 'A bridge makes and deletes machines for you. Take the platform’s with one click, or run your own.',
      href: '/sell/agents',
      action: 'Choose a bridge',
      isDone: hasAgent,
    },
    {
      title: 'Add a cloud account',
      text: 'Paste an API token of your cloud project. It is sealed in this browser: only the bridge can open it.',
      href: '/sell/clouds',
      action: 'Add a cloud account',
      isDone: hasAccount,
    },
    {
      title: 'Offer machines',
      text: 'Choose machines from what your cloud has in stock, a recipe if you like, a price and what you promise.',
      href: '/sell/offerings/new',
      action: 'Make an offer',
      isDone: hasOffer,
    },
  ];
  const next = steps.findIndex(({ isDone }) => !isDone);
  return steps.map(({ isDone, ...step }, index) => ({
    ...step,
    state: isDone ? 'done' : index === next ? 'next' : 'later',
  }));
}
