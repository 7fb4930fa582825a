import type { SteadyClock } from "../clock.ts";
import type { Runtime } from "../contract/runtime.ts";
import type { Failure } from "../failure.ts";
import { type Advice, createCredentialError } from "../failure/credential_error.ts";
import type { Config } from "../settings/config.ts";
import type { ExchangeState } from "./exchange_state.ts";
import type { TokenParameters } from "./token_endpoint.ts";

/** Longest wait of an error for the diagnosis. After that, the error has no advice. */
const LONGEST_LOAD_IN_MS = 3_000;
/** The same for a caller whose own deadline has passed. */
const GRACE_IN_MS = 100;

type DiagnosisModule = typeof import("../diagnosis/mod.ts");

let loaded: DiagnosisModule | undefined;
let loading: Promise<DiagnosisModule | undefined> | undefined;

/** Makes the errors that the callers of one credential see. */
export class ErrorReporter {
  readonly #config: Config;
  readonly #runtime: Runtime;
  readonly #clock: SteadyClock;
  #hasReportedProxy = false;

  constructor(config: Config, runtime: Runtime, clock: SteadyClock) {
    this.#config = config;
    this.#runtime = runtime;
    this.#clock = clock;
  }

  /**
   * Makes the error for a failure, with advice if the diagnosis can be loaded in time.
   *
   * @param until the latest time at which the caller waits for it, by the monotonic clock
   */
  async explain(
    failure: Failure,
    parameters: TokenParameters,
    state: ExchangeState,
    until: number,
  ): Promise<Error> {
    const now = this.#clock.now();
    const elapsedInMs = this.#clock.elapsedSince(state.startedAt);
    const { tokenFilePath } = this.#config;
    // Copied now: while the diagnosis loads, a retry may read another assertion, and this one would not be removed from the cause.
    const exchange = { ...parameters, ...state, elapsedInMs, tokenFilePath };
    const diagnosis = loadedDiagnosis() ?? await this.#load(until - this.#clock.monotonic());
    let advice: Advice | undefined;
    try {
      const ignoredProxy = this.#findIgnoredProxy(failure);
      advice = diagnosis?.advise(failure, exchange, now, {
        scopes: parameters.scopes,
        identityBinding: this.#config.identityBinding,
        ignoredProxy,
        env: (name) => this.#runtime.env(name),
      });
    } catch { /* A custom runtime's function threw: the error goes without advice. */ }
    return createCredentialError(failure, exchange, now, advice);
  }

  #load(patienceInMs: number): ReturnType<typeof loadDiagnosis> {
    const limitInMs = Math.min(LONGEST_LOAD_IN_MS, Math.max(GRACE_IN_MS, patienceInMs));
    return new Promise((resolve) => {
      const timer = this.#clock.setTimeout(() => resolve(undefined), limitInMs);
      loadDiagnosis().then((diagnosis) => {
        this.#clock.clearTimeout(timer);
        resolve(diagnosis);
      });
    });
  }

  /** A proxy that the environment names and the runtime ignores is reported once. */
  #findIgnoredProxy({ code }: Failure): string | undefined {
    if (this.#hasReportedProxy || (code !== "network_failed" && code !== "timeout")) return undefined;
    const explanation = this.#config.describeIgnoredProxy?.(this.#config.endpoint);
    if (explanation === undefined) return undefined;
    this.#hasReportedProxy = true;
    this.#config.events.notify?.({ type: "proxy_ignored", explanation });
    return explanation;
  }
}

/** Returns the diagnosis if it is loaded. */
export function loadedDiagnosis(): DiagnosisModule | undefined {
  return loaded;
}

/**
 * Loads the diagnosis. After a failure, the next call tries again. On runtimes that cache the failure, errors have no advice
 * from then on.
 *
 * @returns undefined if it cannot be loaded
 */
export function loadDiagnosis(): Promise<DiagnosisModule | undefined> {
  return loading ??= import("../diagnosis/mod.ts").then((diagnosis) => loaded = diagnosis, () => {
    loading = undefined;
    return undefined;
  });
}
