import * as z from 'zod/mini';

const LIST_PATH = '/.well-known/ii-alternative-origins';
const LIST_TIMEOUT_MS = 10_000;
/** Source: Internet Identity specification, "Alternative Frontend Origins". */
const MAX_LISTED = 10;

const listSchema = z.object({
  alternativeOrigins: z.array(z.string()).check(z.maxLength(MAX_LISTED)),
});

/** Whether a page of that origin can only be served by this machine. */
export function isLocalOrigin(origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, hostname } = new URL(origin);
  if (protocol !== 'http:' && protocol !== 'https:') return false;
  return /^(.+\.)?localhost$|^127\.\d+\.\d+\.\d+$|^\[::1\]$/.test(hostname);
}

/**
 * Says why a page of `origin` may not log in as one of `derivationOrigin`, or undefined if it may:
 * the other origin lists it. Source: Internet Identity specification, "Alternative Frontend Origins".
 */
export async function refusalToDerive(
  { origin, derivationOrigin }: { readonly origin: string; readonly derivationOrigin: string },
  fetchList: typeof fetch = fetch,
): Promise<string | undefined> {
  if (derivationOrigin === origin) return undefined;
  if (!isLocalOrigin(derivationOrigin)) return `${derivationOrigin} is not on this machine.`;
  const url = derivationOrigin + LIST_PATH;
  try {
    const signal = AbortSignal.timeout(LIST_TIMEOUT_MS);
    const response = await fetchList(url, { credentials: 'omit', redirect: 'error', signal });
    if (!response.ok) return `${url} answered ${response.status}.`;
    const list = listSchema.safeParse(await response.json());
    if (!list.success) return `${url} is no list of at most ${MAX_LISTED} origins.`;
    if (list.data.alternativeOrigins.includes(origin)) return undefined;
    return `${origin} is not listed at ${url}.`;
  } catch (error) {
    return `${url} could not be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}
