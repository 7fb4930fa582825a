import type { Application } from "../application.ts";
import { AadstsError } from "../error_response.ts";

/** Verifies a client secret. @throws {AadstsError} 7000215, 7000222 */
export function verifyClientSecret(
  secret: string,
  { clientId, clientSecrets }: Application,
  now: number,
): void {
  const matching = clientSecrets.filter(({ value }) => value === secret);
  if (matching.length === 0) throw new AadstsError(7000215, { clientId });
  const isValid = matching.some(({ expiresAt = Infinity }) => now < expiresAt);
  if (!isValid) throw new AadstsError(7000222, { clientId });
}
