/** A scripted projected volume: the content of the token file at any moment. */
import { EPOCH } from "./local_clock.ts";
import { type FileFault, HOUR, MINUTE } from "./plan.ts";

/** Tokens are rotated after 80 % of an hour, as the kubelet does. */
export const ROTATION: number = 48 * MINUTE;
const LIFE = HOUR;
/** Issuers differ in how they write JSON, so not every part of a token begins with `eyJ`. */
const BRACES = ["{", "{ "];

function encode(text: string): string {
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The token of a rotation; the same number gives the same text. */
export function projectedToken(rotation: number): string {
  const iat = (EPOCH + rotation * ROTATION) / 1000;
  const claims = {
    iss: "https://oidc.example/cluster/",
    sub: "system:serviceaccount:shop:checkout",
    aud: ["api://AzureADTokenExchange"],
    iat,
    exp: iat + LIFE / 1000,
  };
  const [header, payload] = [{ alg: "RS256", kid: "k1" }, claims].map((part) =>
    encode(JSON.stringify(part).replace("{", BRACES[(rotation + 1) & 1]!))
  );
  return `${header}.${payload}.SECRET-signature-of-${rotation + 1000}`;
}

/** The rotation that is current at a moment of true time. */
export function rotationAt(now: number): number {
  return Math.floor(now / ROTATION);
}

/** Returns the AADSTS code with which Entra rejects an assertion, or 0 if it is accepted. */
export function verdict(assertion: string, now: number): number {
  const rotation = Number(/-of-(\d+)$/.exec(assertion)?.[1]) - 1000;
  if (assertion !== projectedToken(rotation)) return 700027;
  return now < rotation * ROTATION + LIFE ? 0 : 700024;
}

/** Returns the text that a read of the file returns under a fault, or the error that it fails with. */
export function fileContent(
  fault: FileFault | undefined,
  begunAt: number,
  now: number,
  read: number,
): string | Error {
  const current = projectedToken(rotationAt(now));
  const old = projectedToken(rotationAt(begunAt));
  switch (fault?.kind) {
    case "missing":
      return Object.assign(new Error("ENOENT: no such file or directory"), { code: "ENOENT" });
    case "denied":
      return Object.assign(new Error("Requires read access"), { name: "NotCapable" });
    case "empty":
      return "\n";
    case "half":
      return current.slice(0, Math.floor(current.length / 2));
    case "torn":
      return `${current.slice(0, -5)}${read}`;
    case "stale":
      return projectedToken(rotationAt(now) - 3);
    case "mixed": {
      // Rotated during the read, in place: the first half is from before.
      const half = Math.floor(old.length / 2);
      return `${old.slice(0, half)}${current.slice(half)}\n`;
    }
    default:
      // Rotated during a slow read: the reader has the old file open.
      return `${old}\n`;
  }
}
