/** The interface of everything that is measured: this package, its competitors and the baselines. */
export interface Candidate {
  /** Returns a token as for an application: from the cache if possible. */
  getToken(scopes: string | string[], options?: { tenantId?: string }): Promise<unknown>;
  /** Gets a new token from the endpoint, whatever is cached. */
  exchange(scope: string): Promise<unknown>;
}

export interface CandidateOptions {
  /** Responds to token requests inside the process. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  readonly maxCachedTokens?: number;
  readonly maxConcurrentExchanges?: number;
}

/** Each other file in this folder exports a function of this type as `create`. */
export type Create = (options?: CandidateOptions) => Candidate;
