import { decodeProtectedHeader } from "jose/decode/protected_header";
import { isLoopback } from "../../core/settings/authority.ts";
import { applyTemplate } from "../../core/diagnosis/mod.ts";
import { templateForCode } from "../../core/diagnosis/aadsts_codes.ts";
import { inOneLine } from "../../core/redaction.ts";
import { Failure } from "../../core/failure.ts";
import { type Check, contextOf, type Examination } from "./examination.ts";
import { httpGet } from "./http_get.ts";

/** Fetches what Entra fetches: the issuer's discovery document and its keys, with the one that signed the assertion. */
export async function checkIssuer(examination: Examination): Promise<Check> {
  const issuer = examination.assertion?.iss ?? "";
  try {
    const base = issuer.replace(/\/$/, "");
    const document = await getJson(examination, `${base}/.well-known/openid-configuration`);
    if (document.issuer !== issuer) {
      throw new Rejected(90061, `the discovery document has a different issuer: ${String(document.issuer)}`);
    }
    const { keys } = await getJson(examination, String(document.jwks_uri));
    const { kid } = decodeProtectedHeader(examination.token!);
    const ids = Array.isArray(keys) ? keys.map((key) => key?.kid) : [];
    if (!ids.includes(kid)) throw new Rejected(7000272, `${issuer} does not publish the key ${kid}`);
    return { status: "passed", summary: `${issuer} publishes the key that signed the assertion` };
  } catch (error) {
    if (error instanceof Failure) {
      const summary = `cannot be reached from here (Entra must reach it): ${error.reason}`;
      return { status: "warned", summary };
    }
    if (!(error instanceof Rejected)) throw error;
    const advice = templateForCode(error.entraCode);
    const diagnosis = applyTemplate(`AADSTS${error.entraCode}`, advice, contextOf(examination));
    return { status: "failed", summary: inOneLine(error.message), code: "entra_rejected", diagnosis };
  }
}

/** A reason for Entra to reject the assertion. */
class Rejected extends Error {
  readonly entraCode: number;

  constructor(entraCode: number, message: string) {
    super(message);
    this.entraCode = entraCode;
  }
}

async function getJson(examination: Examination, url: string): Promise<Record<string, unknown>> {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol !== "https:" && !isLoopback(parsed?.hostname ?? "")) {
    throw new Rejected(90061, `${url} is not an https URL`);
  }
  const { status, text } = await httpGet(examination, examination.runtime.fetch, url);
  if (status !== 200) throw new Rejected(90061, `${url} responds with status ${status}`);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch { /* reported below */ }
  throw new Rejected(90061, `${url} does not return JSON`);
}
