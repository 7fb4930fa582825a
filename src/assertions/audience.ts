/** Whom Entra wants an assertion to be for, unless the federated credential says otherwise. */
export const DEFAULT_AUDIENCE = "api://AzureADTokenExchange";

/** Options of the sources that choose whom an assertion is for. */
export interface AudienceOptions {
  /** As it stands in the federated credential. @default "api://AzureADTokenExchange" */
  audience?: string;
}
