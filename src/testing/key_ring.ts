import type { JWK } from "jose";
import { createSigningKey, type SigningAlgorithm, type SigningKey } from "./signing_key.ts";

/** The signing keys of an issuer: one that signs, and those that its JWKS publishes. */
export class KeyRing {
  readonly #create: () => Promise<SigningKey>;
  #published: Promise<SigningKey>[] = [];
  #current: Promise<SigningKey> | undefined;

  /** Creates a key ring with a first key; without one, the key is created when it is first needed. */
  constructor(algorithm: SigningAlgorithm, first?: Promise<SigningKey>) {
    this.#create = () => createSigningKey(algorithm);
    if (!first) return;
    first.catch(() => {}); // `current` throws it.
    this.#use(first);
  }

  /** The key that signs. */
  current(): Promise<SigningKey> {
    return this.#current ?? this.#use(this.#create());
  }

  /** The public keys. */
  async jwks(): Promise<{ keys: JWK[] }> {
    await this.current();
    return { keys: (await Promise.all(this.#published)).map(({ jwk }) => jwk) };
  }

  /** Replaces the signing key. The old keys stay published if `keepOld` is true. */
  async rotate(keepOld: boolean): Promise<void> {
    const created = await this.#create();
    if (!keepOld) this.#published = [];
    this.#use(Promise.resolve(created));
  }

  #use(key: Promise<SigningKey>): Promise<SigningKey> {
    this.#published.push(key);
    return this.#current = key;
  }
}
