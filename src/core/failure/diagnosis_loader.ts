/** Loads the diagnosis: the words of a failure, which no call needs in order to succeed, to retry or to fail. */

type DiagnosisModule = typeof import("../diagnosis/mod.ts");

let loaded: DiagnosisModule | undefined;
let loading: Promise<DiagnosisModule | undefined> | undefined;

/** Returns the diagnosis if it is loaded. */
export function loadedDiagnosis(): DiagnosisModule | undefined {
  return loaded;
}

/**
 * Loads the diagnosis. A load that failed is tried again by the next call; some runtimes keep the failure, and then
 * errors stay without advice.
 *
 * @returns undefined if it cannot be loaded
 */
export function loadDiagnosis(): Promise<DiagnosisModule | undefined> {
  return loading ??= import("../diagnosis/mod.ts").then((diagnosis) => loaded = diagnosis, () => {
    loading = undefined;
    return undefined;
  });
}
