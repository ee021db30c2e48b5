import type { KeyPart } from './key-codec.ts';

/** The parent of a list that is the only one in its store: it takes no bytes. */
export const whole: KeyPart<null> = { write: () => undefined, read: () => null };
