import { z } from 'zod';
import { ANY_MACHINE } from './machine-choice.service.ts';

/**
 * What was typed into the rent form, to survive a reload. Never a secret: those are typed again.
 */
const draftSchema = z.object({
  v: z.literal(1),
  machine: z.object({ type: z.string(), location: z.string(), image: z.string() }),
  values: z.record(z.string(), z.string()),
  /** Fingerprints of keys of the account. */
  accountKeys: z.array(z.string()),
  /** A public key that was pasted. */
  pastedKey: z.string(),
  isKeySaved: z.boolean(),
  term: z.object({ count: z.string(), unit: z.enum(['hours', 'days', 'months']) }),
  /** Canister id of the ledger to pay with; empty for none yet. */
  ledger: z.string(),
});

export type RentDraft = z.infer<typeof draftSchema>;

export const EMPTY_DRAFT: RentDraft = {
  v: 1,
  machine: ANY_MACHINE,
  values: {},
  accountKeys: [],
  pastedKey: '',
  isKeySaved: false,
  term: { count: '', unit: 'days' },
  ledger: '',
};

/** A private key that was pasted by mistake is not kept either. */
export function draftText(draft: RentDraft): string {
  const isPrivate = draft.pastedKey.includes('PRIVATE KEY');
  return JSON.stringify(isPrivate ? { ...draft, pastedKey: '' } : draft);
}

/** Undefined for anything that is no draft of this version. */
export function parseDraft(text: string | null): RentDraft | undefined {
  if (text === null) return undefined;
  try {
    return draftSchema.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
