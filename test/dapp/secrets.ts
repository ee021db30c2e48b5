import type { Page, Request } from 'playwright-core';

/** Of a phrase, so many words in a row give it away. */
const TELLING_WORDS = 3;

export interface SecretWatch {
  /** Where any of the secrets was or is: in requests, the console, the address, the page, or storage. */
  placesOf(secrets: readonly string[]): Promise<readonly string[]>;
}

/** Listens from here on to all that leaves the page. */
export function secretsIn(page: Page): SecretWatch {
  const sent: string[] = [];
  const logged: string[] = [];
  page.on('request', (request) => sent.push(textOf(request)));
  page.on('console', (message) => logged.push(message.text()));
  return {
    placesOf: async (secrets) => {
      const kept = await page.evaluate(readEverything);
      const places: Readonly<Record<string, string>> = {
        requests: sent.join('\n'),
        console: logged.join('\n'),
        address: page.url(),
        ...kept,
      };
      const needles = secrets.flatMap(tellingParts);
      return Object.entries(places)
        .filter(([, text]) => needles.some((needle) => text.includes(needle)))
        .map(([place]) => place);
    },
  };
}

function textOf(request: Request): string {
  const body = request.postDataBuffer()?.toString('latin1') ?? '';
  return [request.url(), JSON.stringify(request.headers()), body].join('\n');
}

/** The secret itself; of several words also every few of them in a row. */
function tellingParts(secret: string): readonly string[] {
  const words = secret.split(' ');
  const runs = words
    .slice(0, -TELLING_WORDS + 1)
    .map((_word, index) => words.slice(index, index + TELLING_WORDS).join(' '));
  return [secret, ...runs];
}

/** In the page: all attributes, what was typed, and all that is stored. */
async function readEverything(): Promise<Record<string, string>> {
  const elements = [...document.querySelectorAll('*')];
  const attributes = elements.flatMap((one) => [...one.attributes].map(({ value }) => value));
  const typed = [...document.querySelectorAll('input, textarea')].map((one) =>
    one instanceof HTMLInputElement || one instanceof HTMLTextAreaElement ? one.value : '',
  );
  const stored: string[] = [];
  for (const { name } of await indexedDB.databases()) {
    if (name === undefined) continue;
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const opened = indexedDB.open(name);
      opened.onsuccess = () => resolve(opened.result);
      opened.onerror = () => reject(new Error(`${name} cannot be opened`));
    });
    for (const store of database.objectStoreNames) {
      const rows = await new Promise<unknown[]>((resolve, reject) => {
        const read = database.transaction(store).objectStore(store).getAll();
        read.onsuccess = () => resolve(read.result);
        read.onerror = () => reject(new Error(`${store} cannot be read`));
      });
      const bytesAsText = (_key: string, value: unknown): unknown =>
        value instanceof Uint8Array || value instanceof ArrayBuffer
          ? new TextDecoder('latin1').decode(value)
          : value;
      stored.push(JSON.stringify(rows, bytesAsText));
    }
    database.close();
  }
  return {
    attributes: attributes.join('\n'),
    fields: typed.join('\n'),
    localStorage: JSON.stringify(Object.entries(localStorage)),
    sessionStorage: JSON.stringify(Object.entries(sessionStorage)),
    cookies: document.cookie,
    indexedDB: stored.join('\n'),
  };
}
