/** Ends with an uncaught error. */
import { entraError, Harness, SCOPE } from "../support/harness.ts";

const harness = new Harness();
harness.respond = () => entraError(700016);
await harness.credential({ retryOptions: { maxRetries: 0 } }).getToken(SCOPE);
