/** The part of hcloud-js 1.4.1 that is used; the package has no types of its own. */
declare module 'hcloud-js' {
  import type { AxiosInstance } from 'axios';

  interface ServerActions {
    powerOn(id: number): Promise<unknown>;
    powerOff(id: number): Promise<unknown>;
    shutdown(id: number): Promise<unknown>;
    reboot(id: number): Promise<unknown>;
    changeProtection(
      id: number,
      protection: { readonly delete: boolean; readonly rebuild: boolean },
    ): Promise<unknown>;
  }

  export class Client {
    constructor(options: {
      readonly token: string;
      readonly baseURL: string;
      /** Milliseconds; 0: none. */
      readonly timeout: number;
    });
    readonly axios: AxiosInstance;
    readonly servers: {
      delete(id: number): Promise<unknown>;
      readonly actions: ServerActions;
    };
  }
}
