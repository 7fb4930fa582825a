/** Sends requests through the token proxy of an AKS identity binding. */
import type { SteadyClock } from "../clock.ts";
import { Failure } from "../failure.ts";
import { FileReads } from "../file_reads.ts";
import { classifyDeniedRead, isPermissionDenied, reasonOf } from "../failure/classify_network.ts";
import type { FetchLike, Runtime, Transport } from "../contract/runtime.ts";
import { withoutUndefined } from "../json.ts";
import { hasCertificate } from "../settings/pem.ts";
import type { IdentityBinding } from "../settings/identity_binding.ts";

const LARGEST_CA_FILE = 1024 * 1024;

/** The result of reading a changed CA file. */
export interface CaReload {
  readonly caFile: string;
  /** The reason why the previous CA stays in use; absent if the new one is used. */
  readonly problem?: string;
}

/**
 * Creates the transport of a token proxy. The CA file is read for every exchange.
 *
 * @param onReload called for a new CA, and for one that cannot be used
 */
export function createIdentityBindingFetch(
  binding: IdentityBinding,
  runtime: Runtime,
  clock: Pick<SteadyClock, "monotonic">,
  onReload: (reload: CaReload) => void,
): FetchLike {
  const { caFile, caData } = binding;
  const trust = new Trust(binding, runtime, clock, onReload);
  return async (url, init) => {
    const transport = caFile ? await trust.refresh(caFile) : await trust.openOnce(caData);
    return await transport.fetch(url, init);
  };
}

class Trust {
  readonly #binding: IdentityBinding;
  readonly #runtime: Runtime;
  readonly #files: FileReads;
  readonly #onReload: (reload: CaReload) => void;
  #current: { readonly ca: string; readonly transport: Transport } | undefined;
  #fixed: Promise<Transport> | undefined;
  #reads = 0;
  #newest = 0;

  constructor(
    binding: IdentityBinding,
    runtime: Runtime,
    clock: Pick<SteadyClock, "monotonic">,
    onReload: (reload: CaReload) => void,
  ) {
    this.#binding = binding;
    this.#runtime = runtime;
    this.#files = new FileReads(runtime, clock, LARGEST_CA_FILE + 1);
    this.#onReload = onReload;
  }

  /** Opens a transport with a fixed CA. After a failure, the next call tries again. */
  openOnce(ca: string | undefined): Promise<Transport> {
    return this.#fixed ??= this.open(ca).catch((error) => {
      this.#fixed = undefined;
      throw error;
    });
  }

  async open(ca: string | undefined): Promise<Transport> {
    const { serverName } = this.#binding;
    try {
      return await this.#runtime.openTransport!(withoutUndefined({ ca, serverName }));
    } catch (cause) {
      throw invalid(`The CA of the token proxy cannot be used: ${reasonOf(cause)}`, cause);
    }
  }

  async refresh(caFile: string): Promise<Transport> {
    const read = ++this.#reads;
    try {
      const ca = await this.#read(caFile);
      const known = this.#current;
      // Unlike the kubelet, other programs do not replace a file atomically: an empty file is still being written.
      if (ca !== known?.ca && !(known && ca.trim() === "")) await this.#replace(caFile, ca, read);
    } catch (error) {
      if (!(error instanceof Failure) || !this.#current) throw error;
      this.#onReload({ caFile, problem: error.reason });
    }
    return this.#current!.transport;
  }

  async #read(caFile: string): Promise<string> {
    try {
      return await this.#files.read(caFile);
    } catch (cause) {
      if (isPermissionDenied(cause)) throw classifyDeniedRead("CA file", caFile, cause);
      throw invalid(
        `The CA file ${caFile} (AZURE_KUBERNETES_CA_FILE) cannot be read: ${reasonOf(cause)}`,
        cause,
      );
    }
  }

  async #replace(caFile: string, ca: string, read: number): Promise<void> {
    const isTooLarge = ca.length > LARGEST_CA_FILE;
    if (isTooLarge || !hasCertificate(ca)) {
      const what = isTooLarge
        ? "is larger than 1 MiB"
        : ca.trim() === ""
        ? "is empty"
        : "does not contain a PEM certificate";
      throw invalid(`The CA file ${caFile} (AZURE_KUBERNETES_CA_FILE) ${what}`);
    }
    const transport = await this.open(ca);
    const old = this.#current;
    // Exchanges run concurrently, and a read that started earlier may end later.
    if (read < this.#newest || ca === old?.ca) return transport.close();
    this.#newest = read;
    this.#current = { ca, transport };
    if (!old) return;
    old.transport.close();
    this.#onReload({ caFile });
  }
}

function invalid(reason: string, cause?: unknown): Failure {
  return new Failure("identity_binding_invalid", reason, { cause });
}
