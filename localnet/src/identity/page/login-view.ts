import { METHOD_WORDS } from './methods.ts';
import type { LoginMethod } from './person-key.ts';

export interface LoginView {
  readonly method: LoginMethod;
  /** Of the app that asked. */
  readonly origin: string;
  /** Whose identities it uses. */
  readonly derivationOrigin: string;
  readonly people: readonly string[];
  readonly onPerson: (person: string) => void;
  readonly onForget: () => void;
  readonly onCancel: () => void;
  readonly onFail: () => void;
}

/** Shows one sentence and nothing to choose. */
export function showMessage(text: string): void {
  byId('login', HTMLElement).hidden = true;
  byId('problem', HTMLElement).textContent = '';
  byId('status', HTMLElement).textContent = text;
}

/** Says what went wrong; what could be chosen can be chosen still. */
export function showProblem(text: string): void {
  byId('problem', HTMLElement).textContent = text;
}

/** Lets somebody choose who to be, or cancel. */
export function showLogin(view: LoginView): void {
  const words = METHOD_WORDS[view.method];
  byId('status', HTMLElement).textContent = '';
  byId('problem', HTMLElement).textContent = '';
  byId('heading', HTMLElement).textContent = words.heading;
  byId('origin', HTMLElement).textContent = view.origin;
  const derived = byId('derived', HTMLElement);
  derived.hidden = view.derivationOrigin === view.origin;
  derived.textContent = `It uses the identities of ${view.derivationOrigin}.`;
  showPeople(view);
  const name = byId('person', HTMLInputElement);
  byId('person-label', HTMLElement).textContent = words.label;
  name.type = words.inputType;
  name.value = '';
  byId('continue', HTMLElement).textContent = words.submit;
  byId('new-person', HTMLFormElement).onsubmit = (event) => {
    event.preventDefault();
    if (name.value.trim() !== '') view.onPerson(name.value);
  };
  byId('cancel', HTMLButtonElement).onclick = () => view.onCancel();
  byId('fail', HTMLButtonElement).onclick = () => view.onFail();
  byId('login', HTMLElement).hidden = false;
  (document.querySelector<HTMLElement>('#people button') ?? name).focus();
}

function showPeople({ people, onPerson, onForget }: LoginView): void {
  const known = byId('known', HTMLElement);
  known.hidden = people.length === 0;
  const items = people.map((person) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = `Continue as ${person}`;
    button.onclick = () => onPerson(person);
    const item = document.createElement('li');
    item.append(button);
    return item;
  });
  byId('people', HTMLElement).replaceChildren(...items);
  byId('forget', HTMLButtonElement).onclick = () => {
    onForget();
    known.hidden = true;
    byId('person', HTMLInputElement).focus();
  };
}

function byId<E extends HTMLElement>(id: string, kind: new () => E): E {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`The page lacks #${id}`);
}
