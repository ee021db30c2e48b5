import * as z from 'zod/mini';
import { sameSpelling, type LoginMethod } from './person-key.ts';

const MAX_PEOPLE = 20;
const listSchema = z.array(z.string());

/** Where lists are kept: `localStorage` of the page's own origin. */
export type ListStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** Who logged in that way, the last one first. A damaged list counts as none. */
export function knownPeople(storage: ListStorage, method: LoginMethod): readonly string[] {
  const list = listSchema.safeParse(parsed(storage.getItem(keyOf(method))));
  return list.success ? list.data : [];
}

/** Puts the person first. The least recent is forgotten when there are more than 20. */
export function rememberPerson(storage: ListStorage, method: LoginMethod, person: string): void {
  const others = knownPeople(storage, method).filter(
    (known) => sameSpelling(known) !== sameSpelling(person),
  );
  const list = [person.trim(), ...others].slice(0, MAX_PEOPLE);
  storage.setItem(keyOf(method), JSON.stringify(list));
}

/** Forgets the list, not the people: their keys follow from their names. */
export function forgetPeople(storage: ListStorage, method: LoginMethod): void {
  storage.removeItem(keyOf(method));
}

function keyOf(method: LoginMethod): string {
  return `people.${method}`;
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '[]');
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
