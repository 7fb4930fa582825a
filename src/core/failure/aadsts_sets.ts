/** The AADSTS codes that change what the credential does. All others are for the diagnosis. */

/** Temporary failures of Entra. */
export const TRANSIENT: readonly number[] = [90012, 90024, 90033, 90006, 50033];
/** The tenant sends too many requests. */
export const THROTTLED: readonly number[] = [90055];
/**
 * May succeed later: federated credentials replicate with delay, and Entra fetches the issuer's documents.
 *
 * @see https://github.com/kedacore/keda/issues/8152 700213 for 2 % of the requests of a correct set-up
 */
export const REPLICATION: readonly number[] = [
  70021,
  700211,
  700213,
  70025,
  90061,
  50166,
  501661,
];
/** The same for an application, until this credential has obtained its first token. */
export const APPLICATION_NOT_FOUND: readonly number[] = [700016];
/** The assertion was stale or damaged: the file may contain a new one by now. */
export const ASSERTION_REJECTED: readonly number[] = [700024, 50027, 700027, 7000272];
