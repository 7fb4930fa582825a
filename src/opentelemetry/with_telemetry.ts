import { type Meter, metrics, trace, type Tracer } from "@opentelemetry/api";
import type { EventListener } from "../core/contract/events.ts";
import type { Clock } from "../core/contract/runtime.ts";
import type { AccessToken, GetTokenOptions, TokenCredential } from "../core/contract/token_credential.ts";
import { ExchangeLimiter } from "../core/exchange_limiter.ts";
import { createCallMetrics } from "./call_metrics.ts";
import { measureExchanges } from "./exchange_metrics.ts";
import { traceExchanges } from "./exchange_spans.ts";
import { isolate } from "../core/isolate.ts";
import { WaitingCalls } from "./waiting_calls.ts";

const NAME = "@workload-id/entra";

/** A credential that reports events: `WorkloadIdentityCredential` of every entry. */
export interface ObservableCredential extends TokenCredential {
  /** Returns an access token. */
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>;
  /** Adds a listener for events, and returns a function that removes it. */
  subscribe(listener: EventListener): () => void;
}

/** OpenTelemetry's `TracerProvider`. */
export interface TracerProviderLike {
  /** Returns a `Tracer`. */
  getTracer(name: string): unknown;
}

/** OpenTelemetry's `MeterProvider`. */
export interface MeterProviderLike {
  /** Returns a `Meter`. */
  getMeter(name: string): unknown;
}

/** Options of `withTelemetry`. */
export interface TelemetryOptions {
  /** Provider of the tracer. @default the global provider at the time of the call */
  tracerProvider?: TracerProviderLike;
  /** Provider of the meter. @default the global provider at the time of the call */
  meterProvider?: MeterProviderLike;
  /** Clock for remaining lifetimes; pass the credential's clock if it is not the system's. @default the system's clock */
  clock?: Pick<Clock, "now">;
}

/**
 * Adds OpenTelemetry to a credential: a span for each exchange, and metrics of calls and exchanges. The span's parent is
 * the caller's `tracingOptions.tracingContext`, or else the active context; callers that joined are links of the span. A cache
 * hit creates no span. Use the returned credential instead of the original one, because only its calls are counted. An
 * exporter, tracer or meter that throws does not affect the calls.
 *
 * @param credential any entry's `WorkloadIdentityCredential`; wrap it only once
 * @returns a credential that returns the same tokens
 *
 * @example
 * ```ts
 * import { WorkloadIdentityCredential } from "@workload-id/entra";
 * import { withTelemetry } from "@workload-id/entra/opentelemetry";
 *
 * const credential = withTelemetry(new WorkloadIdentityCredential());
 * const { token } = await credential.getToken("https://vault.azure.net/.default");
 * ```
 * @see https://opentelemetry.io/docs/specs/semconv/
 * @see https://azure.github.io/azure-sdk/opentelemetry_conventions.html
 */
export function withTelemetry(
  credential: ObservableCredential,
  options: TelemetryOptions = {},
): ObservableCredential {
  const { tracerProvider = trace, meterProvider = metrics, clock = Date } = options;
  const tracer = tracerProvider.getTracer(NAME) as Tracer;
  const meter = meterProvider.getMeter(NAME) as Meter;
  const calls = createCallMetrics(meter);
  const listeners = [traceExchanges(tracer), measureExchanges(meter)];
  const waitingCalls = new WaitingCalls();
  for (const listener of listeners) credential.subscribe(listener);
  credential.subscribe((event) => waitingCalls.note(event));
  const observed: ObservableCredential = {
    getToken(scopes, options) {
      let scope = "";
      isolate(() => void (scope = [scopes].flat().join(" ")));
      const call = { hasWaited: false };
      const result = credential.getToken(scopes, waitingCalls.mark(options, call));
      result.then(
        ({ expiresOnTimestamp }) =>
          isolate(() => calls.succeeded(scope, !call.hasWaited, expiresOnTimestamp - clock.now())),
        (error) => isolate(() => calls.failed(scope, error)),
      );
      return result;
    },
    subscribe: (listener) => credential.subscribe(listener),
  };
  // The agents of a blueprint share its limit even if its calls are measured.
  ExchangeLimiter.of(credential)?.assignTo(observed);
  return observed;
}
