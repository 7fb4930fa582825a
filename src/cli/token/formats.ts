/** Output formats of an access token. */
import type { AccessToken } from "../../core/contract/token_credential.ts";

export const FORMATS: Readonly<Record<string, (token: AccessToken) => string>> = {
  text: ({ token }) => token,
  json: ({ token, expiresOnTimestamp, tokenType }) =>
    JSON.stringify({
      token,
      tokenType,
      expiresOn: new Date(expiresOnTimestamp).toISOString(),
      expiresOnTimestamp,
    }),
  env: ({ token, expiresOnTimestamp }) =>
    `AZURE_ACCESS_TOKEN=${token}\nAZURE_ACCESS_TOKEN_EXPIRES_ON=${Math.floor(expiresOnTimestamp / 1000)}`,
};
