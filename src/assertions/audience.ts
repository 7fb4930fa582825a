import { PUBLIC_CLOUD } from "../core/settings/clouds.ts";

/** The audience that Entra requires of an assertion, unless the federated credential has another one. */
export const DEFAULT_AUDIENCE: string = PUBLIC_CLOUD.audience;

/** Options of the sources that choose the assertion's audience. */
export interface AudienceOptions {
  /** The audience of the federated credential. @default "api://AzureADTokenExchange" */
  audience?: string;
}
