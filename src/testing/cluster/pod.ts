import { systemClock } from "../../core/clock.ts";
import { loadDiagnosis } from "../../core/acquisition/error_reporter.ts";
import type { Clock, FetchLike, Runtime } from "../../core/contract/runtime.ts";
import { TokenRotation } from "./token_rotation.ts";

/** Options of `EmulatedPod`. */
export interface EmulatedPodOptions {
  /** Gives each new token, such as `() => issuer.mint()`. */
  mint: () => Promise<string>;
  /** The network, such as `emulator.fetch`. */
  fetch: FetchLike;
  /** The variables; `AZURE_FEDERATED_TOKEN_FILE` is where the token goes. */
  environment: Readonly<Record<string, string>>;
  /** The pod's time. @default the system's clock */
  clock?: Clock;
  /** Spreads retries and refreshes. @default Math.random */
  random?: () => number;
}

/**
 * A pod in memory: environment, files, clock and network behind the port of the credential, and the projected token
 * that the kubelet renews.
 *
 * @example
 * ```ts
 * import { createTestCluster } from "@workload-id/entra/testing";
 * import { WorkloadIdentityCredential } from "@workload-id/entra/core";
 *
 * const { pod } = await createTestCluster();
 * const credential = new WorkloadIdentityCredential({}, pod);
 * await pod.rotate("not a token");
 * ```
 */
export class EmulatedPod implements Runtime {
  /** For messages. */
  readonly name = "emulated pod";
  /** The network. */
  readonly fetch: FetchLike;
  /** The pod's time. */
  readonly clock: Clock;
  /** Spreads retries and refreshes. */
  readonly random: () => number;
  /** May be changed while it runs. */
  readonly environment: Record<string, string>;
  /** Texts by path; may be changed while it runs. */
  readonly files: Map<string, string> = new Map();
  readonly #rotation: TokenRotation;

  private constructor(options: EmulatedPodOptions) {
    this.fetch = options.fetch;
    this.clock = options.clock ?? systemClock;
    this.random = options.random ?? Math.random;
    this.environment = { ...options.environment };
    const path = this.environment.AZURE_FEDERATED_TOKEN_FILE ?? "";
    this.#rotation = new TokenRotation(this.clock, options.mint, (token) => {
      this.files.set(path, token);
      return Promise.resolve();
    });
  }

  /** Starts a pod with a first token. */
  static async create(options: EmulatedPodOptions): Promise<EmulatedPod> {
    const pod = new EmulatedPod(options);
    // A clock that stands still does not wait for what is loaded in real time.
    if (options.clock) await loadDiagnosis();
    await pod.rotate();
    return pod;
  }

  /** Gives one of `files`, or fails as Node does where there is none. */
  readTextFile(path: string): Promise<string> {
    const text = this.files.get(path);
    if (text !== undefined) return Promise.resolve(text);
    const message = `ENOENT: no such file or directory, open '${path}'`;
    return Promise.reject(Object.assign(new Error(message), { code: "ENOENT" }));
  }

  /** Gives one of `environment`. */
  env(name: string): string | undefined {
    return this.environment[name];
  }

  /**
   * Replaces the token with a new one.
   *
   * @param text text to write instead of a new token
   */
  rotate(text?: string): Promise<void> {
    return this.#rotation.rotate(text);
  }

  /** Renews the token now, and from now on after 80 % of its life or a day. */
  startRotating(): Promise<void> {
    return this.#rotation.start();
  }

  /** Renews it no longer. */
  stopRotating(): Promise<void> {
    return this.#rotation.stop();
  }
}
