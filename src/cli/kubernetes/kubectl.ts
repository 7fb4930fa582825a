/** The calls of `kubectl` that the command makes. All but `createToken` only read. */
import type { EnvironmentChanges, Programs } from "../support/programs.ts";
import { command, quote } from "../support/shell_words.ts";
import { ClusterError, PAGES } from "./finding.ts";
import { explainKubectlError, explainMissingKubectl } from "./kubectl_errors.ts";
import type { Pod, ServiceAccount, WebhookConfiguration } from "./objects.ts";
import type { ResourceName } from "./resource_name.ts";

export interface ClusterChoice {
  /** Name or path of the program. */
  readonly kubectl: string;
  readonly context: string | undefined;
  readonly kubeconfig: string | undefined;
}

const COMPACT_JWS = /^[\w-]+\.[\w-]+\.[\w-]+$/;

export class Kubectl {
  /** The program and its context, quoted, to start printed commands with. */
  readonly printed: string;
  readonly #programs: Programs;
  readonly #choice: ClusterChoice;
  readonly #flags: readonly string[];
  readonly #environment: EnvironmentChanges;

  constructor(choice: ClusterChoice, programs: Programs, environment: EnvironmentChanges = {}) {
    const { kubectl, kubeconfig, context } = choice;
    this.#choice = choice;
    this.#programs = programs;
    this.#environment = environment;
    this.#flags = [
      ...(kubeconfig === undefined ? [] : ["--kubeconfig", kubeconfig]),
      ...(context === undefined ? [] : ["--context", context]),
    ];
    this.printed = [kubectl, ...this.#flags].map(quote).join(" ");
  }

  /** Creates a token of a service account. The token is a secret. */
  async createToken({ namespace, name }: ResourceName, signal?: AbortSignal): Promise<string> {
    const args = ["--audience", "api://AzureADTokenExchange", "--duration", "3600s"];
    const token = (await this.#run(["create", "token", name, "-n", namespace, ...args], signal)).trim();
    if (COMPACT_JWS.test(token)) return token;
    throw this.#unexpected(command`create token ${name} -n ${namespace}`, "a token");
  }

  serviceAccount({ namespace, name }: ResourceName): Promise<ServiceAccount> {
    return this.#get<ServiceAccount>(["get", "serviceaccount", name, "-n", namespace]);
  }

  pod({ namespace, name }: ResourceName): Promise<Pod> {
    return this.#get<Pod>(["get", "pod", name, "-n", namespace]);
  }

  async webhookConfigurations(): Promise<readonly WebhookConfiguration[]> {
    const { items } = await this.#get<{ items?: WebhookConfiguration[] }>([
      "get",
      "mutatingwebhookconfigurations",
    ]);
    return Array.isArray(items) ? items : [];
  }

  /** Returns the issuer in the discovery document of the API server. */
  async issuer(): Promise<string> {
    const { issuer } = await this.#json<{ issuer?: unknown }>([
      "get",
      "--raw",
      "/.well-known/openid-configuration",
    ]);
    return typeof issuer === "string" ? issuer : "";
  }

  async context(): Promise<string> {
    return this.#choice.context ?? (await this.#run(["config", "current-context"])).trim();
  }

  /** Returns the URL of the API server. */
  async server(): Promise<string> {
    const config = await this.#json<{ clusters?: { cluster?: { server?: unknown } }[] }>([
      ...["config", "view", "--minify", "-o", "json"],
    ]);
    const server = config.clusters?.[0]?.cluster?.server;
    return typeof server === "string" ? server : "";
  }

  #get<T>(args: readonly string[]): Promise<T> {
    return this.#json<T>([...args, "-o", "json"]);
  }

  async #json<T>(args: readonly string[]): Promise<T> {
    const text = await this.#run(args);
    try {
      const value: unknown = JSON.parse(text);
      if (typeof value === "object" && value !== null) return value as T;
    } catch { /* reported below */ }
    throw this.#unexpected(args.map(quote).join(" "), "a JSON object");
  }

  async #run(args: readonly string[], signal?: AbortSignal): Promise<string> {
    const { kubectl } = this.#choice;
    let outcome;
    try {
      const options = { changes: this.#environment, ...(signal && { signal }) };
      outcome = await this.#programs.capture([kubectl, ...this.#flags, ...args], options);
    } catch (error) {
      throw explainMissingKubectl(kubectl, error);
    }
    if (outcome.code === 0) return outcome.stdout;
    throw explainKubectlError({ kubectl: this.printed, stderr: outcome.stderr || outcome.stdout });
  }

  #unexpected(args: string, expected: string): ClusterError {
    return new ClusterError(`kubectl printed something other than ${expected}`, {
      name: "kubectl_failed",
      cause: `kubectl ended without an error, but did not print ${expected}.`,
      fix: "Check that this is kubectl 1.24 or later, and run its command by hand.",
      commands: [`${this.printed} version --client`, `${this.printed} ${args}`],
      source: PAGES.createToken,
    });
  }
}
