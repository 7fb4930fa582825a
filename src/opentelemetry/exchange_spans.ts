/** A span for each exchange. */
import {
  type Context,
  context,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from "@opentelemetry/api";
import type { EventListener, EventOf } from "../core/contract/events.ts";
import type { TracingContext } from "../core/contract/token_credential.ts";
import {
  CLIENT_ID,
  CORRELATION_ID,
  ERROR_CODES,
  ERROR_TYPE,
  NAMESPACE,
  REASON,
  RESEND_COUNT,
  SCOPE,
  SERVER_ADDRESS,
  SERVER_PORT,
  STATUS_CODE,
  TENANT_ID,
} from "./attributes.ts";
import { reasonOf } from "./exchange_reason.ts";

/** As Azure's clients name the spans of their own methods. */
const NAME = "WorkloadIdentityCredential.getToken";

/** Returns a listener that starts a span with each exchange and ends it with that. */
export function traceExchanges(tracer: Tracer): EventListener {
  const spans = new Map<number, Span>();

  const start = (event: EventOf<"exchange_started">) => {
    const { hostname, port } = new URL(event.authority);
    const attributes = {
      [SERVER_ADDRESS]: hostname,
      [SERVER_PORT]: Number(port || 443),
      [NAMESPACE]: "Microsoft.AAD",
      [SCOPE]: event.scopes.join(" "),
      [REASON]: reasonOf(event),
      ...(event.tenantId !== undefined && { [TENANT_ID]: event.tenantId }),
      ...(event.clientId !== undefined && { [CLIENT_ID]: event.clientId }),
    };
    const options = { kind: SpanKind.CLIENT, attributes };
    spans.set(event.exchangeId, tracer.startSpan(NAME, options, callerOf(event)));
  };

  const end = (event: EventOf<"exchange_succeeded"> | EventOf<"exchange_failed">) => {
    const span = spans.get(event.exchangeId);
    spans.delete(event.exchangeId);
    if (event.attempts > 1) span?.setAttribute(RESEND_COUNT, event.attempts - 1);
    if (event.type === "exchange_failed") {
      span?.setAttributes(failureOf(event)).setStatus({ code: SpanStatusCode.ERROR, message: event.code });
    }
    if (event.correlationId !== undefined) span?.setAttribute(CORRELATION_ID, event.correlationId);
    span?.end();
  };

  return (event) => {
    if (event.type === "exchange_started") start(event);
    else if (event.type === "exchange_succeeded" || event.type === "exchange_failed") end(event);
    else if (event.type === "exchange_retried") {
      const attributes = { ...failureOf(event), "workload_id.delay": event.delayInMs / 1000 };
      spans.get(event.exchangeId)?.addEvent("retry", attributes);
    } else if (event.type === "exchange_joined") {
      const caller = trace.getSpanContext(callerOf(event));
      if (caller) spans.get(event.exchangeId)?.addLink({ context: caller });
    }
  };
}

/** What Azure's clients pass on is a context of OpenTelemetry's, by another name; without it, the active one counts. */
function callerOf({ tracingContext }: { readonly tracingContext?: TracingContext }): Context {
  return tracingContext ?? context.active();
}

function failureOf(
  { code, statusCode, errorCodes }: EventOf<"exchange_retried"> | EventOf<"exchange_failed">,
) {
  return {
    [ERROR_TYPE]: code,
    ...(statusCode !== undefined && { [STATUS_CODE]: statusCode }),
    ...(errorCodes && { [ERROR_CODES]: [...errorCodes] }),
  };
}
