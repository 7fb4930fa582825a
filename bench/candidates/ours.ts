import { WorkloadIdentityCredential } from "@workload-id/entra";
import type { Candidate, CandidateOptions } from "./candidate.ts";

export function create(options?: CandidateOptions): Candidate {
  const credential = new WorkloadIdentityCredential({
    ...options,
    additionallyAllowedTenants: ["*"],
  });
  return {
    getToken: (scopes, options) => credential.getToken(scopes, options),
    exchange: (scope) => credential.getToken(scope, { forceRefresh: true }),
  };
}
