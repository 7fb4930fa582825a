/** Version of this package. `tools/check_manifests.ts` compares it with the manifests. */
export const VERSION = "0.1.0";
