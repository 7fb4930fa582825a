import { PUBLIC_CLOUD } from "../core/settings/clouds.ts";

/** The default audience of assertions. It must equal the audience of the federated credential. */
export const DEFAULT_AUDIENCE: string = PUBLIC_CLOUD.audience;

/** Options of sources with a configurable audience. */
export interface AudienceOptions {
  /** The audience of the federated credential. @default "api://AzureADTokenExchange" */
  audience?: string;
}
