/** Sets a misconfiguration up: an issuer, an Entra and a pod, in memory. */
import type { Clock, Runtime } from "../../src/core/mod.ts";
import { systemClock } from "../../src/core/clock.ts";
import { ClusterIssuer, EmulatedPod, EntraEmulator } from "../../src/testing/mod.ts";
import { CLIENT_ID, ISSUER, type Setup, SUBJECT, TENANT_ID, TOKEN_FILE } from "./misconfigurations.ts";

/** A pod, and the texts that no output may contain. */
export interface MisconfiguredPod {
  readonly runtime: Runtime;
  /** Must be in no output. */
  readonly secrets: readonly string[];
}

const issuers = new Map<string, Promise<ClusterIssuer>>();

/** Making a key takes long: all rows that do not change the issuer share one. */
async function issuerOf({ issuer = {}, published }: Setup): Promise<ClusterIssuer> {
  const key = `${issuer.algorithm} ${published}`;
  if (!issuers.has(key)) issuers.set(key, ClusterIssuer.create({ issuer: ISSUER, ...issuer }));
  return await issuers.get(key)!;
}

export async function setUp(setup: Setup): Promise<MisconfiguredPod> {
  const issuer = await issuerOf(setup);
  const minted = await issuer.mint({ namespace: "shop", serviceAccount: "checkout", ...setup.token });
  if (setup.published === "new keys") await issuer.rotateKeys({ keepOld: false });
  const emulator = new EntraEmulator({
    fetch: setup.published === "nothing"
      ? () => Promise.resolve(new Response("not here", { status: 404 }))
      : issuer.fetch,
  });
  emulator.addApplication({
    tenantId: TENANT_ID,
    clientId: CLIENT_ID,
    federatedCredentials: setup.trusts === null
      ? []
      : [{ issuer: issuer.issuer, subject: SUBJECT, ...setup.trusts }],
  });
  if (setup.fault) emulator.failNext(...Array.from({ length: 9 }, () => setup.fault!));
  const pod = await EmulatedPod.create({
    mint: () => Promise.resolve(minted),
    fetch: (url, init) => {
      if (setup.network) return Promise.reject(setup.network);
      const isForIssuer = url.startsWith(ISSUER);
      if (isForIssuer && setup.published === "nothing") {
        return Promise.resolve(new Response("not here", { status: 404 }));
      }
      return isForIssuer ? issuer.fetch(url, init as RequestInit) : emulator.fetch(url, init as RequestInit);
    },
    environment: {
      AZURE_CLIENT_ID: CLIENT_ID,
      AZURE_TENANT_ID: TENANT_ID,
      AZURE_FEDERATED_TOKEN_FILE: TOKEN_FILE,
      AZURE_AUTHORITY_HOST: "https://login.microsoftonline.com/",
      ...setup.env,
    },
    clock: podClock(setup),
  });
  const text = (setup.file ?? ((token: string) => token))(minted);
  if (text === undefined) pod.files.delete(TOKEN_FILE);
  else pod.files.set(TOKEN_FILE, text);
  return {
    runtime: {
      name: "node",
      readTextFile: (path) => pod.readTextFile(path),
      env: (name) => pod.env(name),
      fetch: pod.fetch,
      clock: pod.clock,
      openTransport: () => Promise.resolve({ fetch: pod.fetch, close: () => {} }),
    },
    secrets: [minted, minted.split(".")[2]!, "hush"],
  };
}

function podClock({ clockAheadInMs = 0, hastens = false }: Setup): Clock {
  return {
    now: () => systemClock.now() + clockAheadInMs,
    setTimeout: (callback, delayInMs) =>
      systemClock.setTimeout(callback, hastens ? delayInMs / 100 : delayInMs),
    clearTimeout: (timer) => systemClock.clearTimeout(timer),
    hold: () => systemClock.hold!(),
  };
}
