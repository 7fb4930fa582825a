import { systemClock } from "../../core/clock.ts";
import { loadDiagnosis } from "../../core/acquisition/error_reporter.ts";
import type { Clock, FetchLike, Runtime } from "../../core/contract/runtime.ts";
import { TokenRotation } from "./token_rotation.ts";

/** Options of `EmulatedPod`. */
export interface EmulatedPodOptions {
  /** Returns each new token, such as `() => issuer.mint()`. */
  mint: () => Promise<string>;
  /** The network, such as `emulator.fetch`. */
  fetch: FetchLike;
  /** The variables; the token is written to the path in `AZURE_FEDERATED_TOKEN_FILE`. */
  environment: Readonly<Record<string, string>>;
  /** The pod's time. @default the system's clock */
  clock?: Clock;
  /** Returns the random numbers that spread retries and refreshes, from 0 to less than 1. @default Math.random */
  random?: () => number;
}

/**
 * A pod in memory: a `Runtime` with its own environment, files, clock and network, and a projected token that is rotated
 * as the kubelet does.
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
  /** The runtime's name in messages. */
  readonly name = "emulated pod";
  /** The network. */
  readonly fetch: FetchLike;
  /** The pod's time. */
  readonly clock: Clock;
  /** Spreads retries and refreshes. */
  readonly random: () => number;
  /** Variables by name. May be changed while the pod runs. */
  readonly environment: Record<string, string>;
  /** Files as texts by path. May be changed while the pod runs. */
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

  /** Creates a pod with a first token. */
  static async create(options: EmulatedPodOptions): Promise<EmulatedPod> {
    const pod = new EmulatedPod(options);
    // A manual clock cannot wait for modules that are loaded in real time.
    if (options.clock) await loadDiagnosis();
    await pod.rotate();
    return pod;
  }

  /** Returns one of `files`, or rejects with `ENOENT` as Node does. */
  readTextFile(path: string): Promise<string> {
    const text = this.files.get(path);
    if (text !== undefined) return Promise.resolve(text);
    const message = `ENOENT: no such file or directory, open '${path}'`;
    return Promise.reject(Object.assign(new Error(message), { code: "ENOENT" }));
  }

  /** Returns one of `environment`. */
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

  /** Replaces the token now, and then after 80 % of its lifetime or a day, whichever is sooner. */
  startRotating(): Promise<void> {
    return this.#rotation.start();
  }

  /** Stops replacing the token. */
  stopRotating(): Promise<void> {
    return this.#rotation.stop();
  }
}
