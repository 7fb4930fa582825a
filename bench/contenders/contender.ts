/** What every contender can be asked for. Each file beside this one is one of them, and exports `create`. */
export interface Contender {
  /** As an application calls it: from the cache where it can be. */
  getToken(scopes: string | string[]): Promise<unknown>;
  /** A token from the endpoint, whatever is cached. */
  exchange(scope: string): Promise<unknown>;
}

export type Create = () => Contender;
