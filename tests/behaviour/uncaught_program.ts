/** Ends with an uncaught error. */
import { Harness, refused, SCOPE } from "../support/harness.ts";

const harness = new Harness();
harness.answer = () => refused(700016);
await harness.credential({ retryOptions: { maxRetries: 0 } }).getToken(SCOPE);
