import { type Meter, metrics, trace, type Tracer } from "@opentelemetry/api";
import type { EventListener } from "../core/contract/events.ts";
import type { Clock } from "../core/contract/runtime.ts";
import type { AccessToken, GetTokenOptions, TokenCredential } from "../core/contract/token_credential.ts";
import { createCallMetrics } from "./call_metrics.ts";
import { measureExchanges } from "./exchange_metrics.ts";
import { traceExchanges } from "./exchange_spans.ts";

const NAME = "@workload-id/entra";

/** A credential that tells of its exchanges: `WorkloadIdentityCredential` of every entry. */
export interface ObservableCredential extends TokenCredential {
  /** Gives an access token. */
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>;
  /** Tells a listener of events from now on; what it returns ends that. */
  subscribe(listener: EventListener): () => void;
}

/** OpenTelemetry's `TracerProvider`. */
export interface TracerProviderLike {
  /** Gives a `Tracer`. */
  getTracer(name: string): unknown;
}

/** OpenTelemetry's `MeterProvider`. */
export interface MeterProviderLike {
  /** Gives a `Meter`. */
  getMeter(name: string): unknown;
}

/** Options of `withTelemetry`. Where the global providers are to serve, set them before. */
export interface TelemetryOptions {
  /** Makes the spans. @default the global one */
  tracerProvider?: TracerProviderLike;
  /** Makes the counters and histograms. @default the global one */
  meterProvider?: MeterProviderLike;
  /** Tells how long a token is still valid; the credential's own, where that is not the system's. */
  clock?: Pick<Clock, "now">;
}

/**
 * Adds OpenTelemetry to a credential: a span for each exchange, and metrics of calls and exchanges. The span is a child
 * of the caller's `tracingOptions.tracingContext` or else of the active context, and callers that joined are its links.
 * No cache hit makes a span. Use what is returned in place of the credential: its calls are the ones that are counted.
 *
 * @param credential any entry's `WorkloadIdentityCredential`, once
 * @returns a credential that gives the same tokens
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
  let waits = false;
  let hasWaited = false;
  credential.subscribe(traceExchanges(tracer));
  credential.subscribe(measureExchanges(meter));
  credential.subscribe((event) => {
    waits ||= event.type === "exchange_joined" || (event.type === "exchange_started" && !event.background);
    hasWaited ||= waits;
  });
  return {
    getToken(scopes, options) {
      // A call that has to wait tells of it before it returns, but for the first ones, until what they need is loaded.
      waits = false;
      const isFirst = !hasWaited;
      const given = credential.getToken(scopes, options);
      const waited = waits;
      given.then(
        ({ expiresOnTimestamp }) => {
          const isHit = !waited && !(isFirst && hasWaited);
          calls.succeeded(scopes, isHit, expiresOnTimestamp - clock.now());
        },
        (error) => calls.failed(scopes, error),
      );
      return given;
    },
    subscribe: (listener) => credential.subscribe(listener),
  };
}
