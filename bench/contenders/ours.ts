import { WorkloadIdentityCredential } from "@workload-id/entra";
import type { Contender } from "./contender.ts";

export function create(): Contender {
  const credential = new WorkloadIdentityCredential();
  return {
    getToken: (scopes) => credential.getToken(scopes),
    exchange: (scope) => credential.getToken(scope, { forceRefresh: true }),
  };
}
