import { systemClock } from "../../core/clock.ts";
import type { Clock } from "../../core/contract/runtime.ts";
import { TokenRotation } from "./token_rotation.ts";

/** Options of `ProjectedTokenVolume`. */
export interface ProjectedTokenVolumeOptions {
  /** The folder that the volume is mounted at; created if it does not exist. */
  folder: string;
  /** Returns each new token, such as `() => issuer.mint()`. */
  mint: () => Promise<string>;
  /** The name of the token file. @default "azure-identity-token" */
  fileName?: string;
  /** The file's permissions. The kubelet uses 0o600 if every container of the pod runs as one user. @default 0o644 */
  fileMode?: number;
  /** The clock for the rotation and the names of folders. @default the system's clock */
  clock?: Clock;
}

/**
 * A projected service-account token on disk, laid out and rotated as the kubelet does it: a folder whose name is the
 * time, a link `..data` to that folder that is replaced by a rename, and a link to the file through `..data`. A reader
 * gets the old token or the new one, never a part of one.
 *
 * @example
 * ```ts
 * import { ClusterIssuer, ProjectedTokenVolume } from "@workload-id/entra/testing";
 *
 * const issuer = await ClusterIssuer.create();
 * const folder = "/tmp/azure-tokens";
 * const volume = await ProjectedTokenVolume.create({ folder, mint: () => issuer.mint() });
 * console.log(volume.tokenFilePath);
 * ```
 * @see https://github.com/kubernetes/kubernetes/blob/master/pkg/volume/util/atomic_writer.go
 */
export class ProjectedTokenVolume {
  /** The path for `AZURE_FEDERATED_TOKEN_FILE`. */
  readonly tokenFilePath: string;
  readonly #folder: string;
  readonly #fileName: string;
  readonly #fileMode: number;
  readonly #clock: Clock;
  readonly #rotation: TokenRotation;

  private constructor(options: ProjectedTokenVolumeOptions) {
    this.#folder = options.folder;
    this.#fileName = options.fileName ?? "azure-identity-token";
    this.#fileMode = options.fileMode ?? 0o644;
    this.#clock = options.clock ?? systemClock;
    this.tokenFilePath = `${this.#folder}/${this.#fileName}`;
    this.#rotation = new TokenRotation(this.#clock, options.mint, (token) => this.#write(token));
  }

  /** Mounts the volume with a first token. */
  static async create(options: ProjectedTokenVolumeOptions): Promise<ProjectedTokenVolume> {
    const volume = new ProjectedTokenVolume(options);
    await volume.rotate();
    return volume;
  }

  /**
   * Replaces the token.
   *
   * @param text the text to write; a new token by default
   */
  rotate(text?: string): Promise<void> {
    return this.#rotation.rotate(text);
  }

  /** Replaces the token now, and then after 80 % of its lifetime or a day, whichever is sooner. */
  startRotating(): Promise<void> {
    return this.#rotation.start();
  }

  /** Stops replacing the token. The files are kept. */
  stopRotating(): Promise<void> {
    return this.#rotation.stop();
  }

  async #write(token: string): Promise<void> {
    const { chmod, mkdir, readdir, readlink, rename, rm, symlink, writeFile } = await import(
      "node:fs/promises"
    );
    const folder = this.#folder;
    await mkdir(folder, { recursive: true });
    const old = (await readdir(folder)).includes("..data") ? await readlink(`${folder}/..data`) : undefined;

    const fresh = nameFolder(this.#clock.now());
    await mkdir(`${folder}/${fresh}`);
    await chmod(`${folder}/${fresh}`, 0o755);
    const file = `${folder}/${fresh}/${this.#fileName}`;
    await writeFile(file, token, { mode: 0o600 });
    await chmod(file, this.#fileMode); // Independent of the umask.
    await symlink(fresh, `${folder}/..data_tmp`);
    await rename(`${folder}/..data_tmp`, `${folder}/..data`);
    if (old === undefined) await symlink(`..data/${this.#fileName}`, this.tokenFilePath);
    else await rm(`${folder}/${old}`, { recursive: true });
  }
}

/** Such as `..2030_01_01_00_00_00.1234567890`, with a random number at the end. */
function nameFolder(now: number): string {
  const time = new Date(now).toISOString().slice(0, 19).replace(/\D/g, "_");
  return `..${time}.${crypto.getRandomValues(new Uint32Array(1))[0]}`;
}
