import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { isAxiosError, isCancel, type AxiosResponse } from 'axios';
import { Client } from 'hcloud-js';
import type { RateReading } from '../../core/rate-bucket.ts';
import { errorIn, errorOfNetwork, rateIn, type RawAnswer } from './hetzner-answers.ts';
import { HetznerError } from './hetzner-error.ts';

export type QueryParams = Readonly<Record<string, string | number | readonly string[]>>;

export interface SendOptions {
  /** Ends the request when it is aborted; whether Hetzner got it is not known then. */
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** Told of every answer, errors included, before the call ends. */
  readonly onRate: (reading: RateReading) => void;
}

/** One request; what it resolves with was not looked at. */
export type HetznerRequest = (api: HetznerApi, options: SendOptions) => Promise<unknown>;

const MAX_BODY_BYTES = 20_000_000;

/** A connection that was left open may be closed just when an order is sent on it. */
const AGENTS = {
  httpAgent: new HttpAgent({ keepAlive: false }),
  httpsAgent: new HttpsAgent({ keepAlive: false }),
};

/**
 * The HTTP API of Hetzner Cloud for one project, and the only place that knows hcloud-js. Rejects with a
 * `HetznerError` and nothing else; bodies are handed on as they are. hcloud-js 1.4.1 reads servers, types,
 * images and prices by the API of 2021 and throws or drops what came later, so those are requested
 * through its HTTP client; its own methods are used where nothing of the answer counts.
 */
export class HetznerApi {
  readonly #token: string;
  readonly #baseUrl: string;

  constructor({ token, baseUrl }: { readonly token: string; readonly baseUrl: string }) {
    this.#token = token;
    this.#baseUrl = baseUrl;
  }

  get(path: string, params: QueryParams, options: SendOptions): Promise<unknown> {
    return this.#send(options, async ({ axios }) => {
      const { data } = await axios.request<unknown>({ method: 'GET', url: path, params });
      return data;
    });
  }

  post(path: string, body: unknown, options: SendOptions): Promise<unknown> {
    return this.#send(options, async ({ axios }) => {
      const { data } = await axios.request<unknown>({ method: 'POST', url: path, data: body });
      return data;
    });
  }

  put(path: string, body: unknown, options: SendOptions): Promise<unknown> {
    return this.#send(options, async ({ axios }) => {
      const { data } = await axios.request<unknown>({ method: 'PUT', url: path, data: body });
      return data;
    });
  }

  deleteServer(id: number, options: SendOptions): Promise<unknown> {
    return this.#send(options, ({ servers }) => servers.delete(id));
  }

  switchServer(
    id: number,
    action: 'powerOn' | 'powerOff' | 'shutdown' | 'reboot',
    options: SendOptions,
  ): Promise<unknown> {
    return this.#send(options, ({ servers }) => servers.actions[action](id));
  }

  /** Hetzner wants both protections to be the same. */
  unprotectServer(id: number, options: SendOptions): Promise<unknown> {
    const none = { delete: false, rebuild: false };
    return this.#send(options, ({ servers }) => servers.actions.changeProtection(id, none));
  }

  async #send(options: SendOptions, use: (client: Client) => Promise<unknown>): Promise<unknown> {
    // Not `AbortSignal.any`: Node 20 keeps what hangs on a signal that lives as long as the process.
    const ending = new AbortController();
    const end = (): void => ending.abort();
    const timer = setTimeout(end, options.timeoutMs);
    options.signal.addEventListener('abort', end, { once: true });
    try {
      return await use(this.#client(options, ending.signal));
    } catch (error) {
      throw this.#errorOf(error, { isGivenUp: options.signal.aborted });
    } finally {
      clearTimeout(timer);
      options.signal.removeEventListener('abort', end);
    }
  }

  /** Made for one request: hcloud-js has no other way to hand a signal on. */
  #client({ onRate }: SendOptions, signal: AbortSignal): Client {
    const client = new Client({ token: this.#token, baseURL: this.#baseUrl, timeout: 0 });
    Object.assign(client.axios.defaults, {
      ...AGENTS,
      signal,
      maxRedirects: 0,
      maxContentLength: MAX_BODY_BYTES,
      // hcloud-js cannot read errors that are not JSON: it gets none.
      validateStatus: () => true,
      paramsSerializer: { indexes: null },
    });
    client.axios.interceptors.response.use((response: AxiosResponse<unknown>) => {
      const answer = rawAnswer(response);
      const rate = rateIn(answer);
      if (rate !== undefined) onRate(rate);
      const error = errorIn(answer, this.#token);
      if (error !== undefined) throw error;
      return response;
    });
    return client;
  }

  #errorOf(error: unknown, { isGivenUp }: { readonly isGivenUp: boolean }): HetznerError {
    if (error instanceof HetznerError) return error;
    if (isGivenUp) return new HetznerError({ kind: 'given-up' }, 'given up by the caller');
    if (isCancel(error)) return new HetznerError({ kind: 'lost' }, 'no answer in time');
    if (isAxiosError(error)) {
      return errorOfNetwork({ code: error.code, message: error.message }, this.#token);
    }
    // hcloud-js stumbled over the body of an answer that went well.
    return new HetznerError({ kind: 'unreadable', status: 200 }, 'an answer of another form');
  }
}

function rawAnswer({ status, data, headers }: AxiosResponse<unknown>): RawAnswer {
  const header = (name: string): string | undefined => {
    const value: unknown = headers[name];
    return typeof value === 'string' ? value : undefined;
  };
  return { status, body: data, header };
}
