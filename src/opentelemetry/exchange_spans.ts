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
  DELAY,
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
import { isolate } from "../core/isolate.ts";

/** Named like the spans of the methods of Azure clients. */
const NAME = "WorkloadIdentityCredential.getToken";

/** Returns a listener that starts a span when an exchange starts, and ends it when the exchange ends. */
export function traceExchanges(tracer: Tracer): EventListener {
  const spans = new Map<number, Span>();

  const start = (event: EventOf<"exchange_started">) => {
    const { hostname, port, protocol } = new URL(event.authority);
    const attributes = {
      [SERVER_ADDRESS]: hostname,
      [SERVER_PORT]: Number(port || (protocol === "http:" ? 80 : 443)),
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
    if (!span) return;
    spans.delete(event.exchangeId);
    const attributes = {
      ...(event.attempts > 1 && { [RESEND_COUNT]: event.attempts - 1 }),
      ...(event.type === "exchange_failed" && failureOf(event)),
      ...(event.correlationId !== undefined && { [CORRELATION_ID]: event.correlationId }),
    };
    isolate(() => span.setAttributes(attributes));
    if (event.type === "exchange_failed") {
      isolate(() => span.setStatus({ code: SpanStatusCode.ERROR, message: event.code }));
    }
    isolate(() => span.end());
  };

  return (event) =>
    isolate(() => {
      if (event.type === "exchange_started") start(event);
      else if (event.type === "exchange_succeeded" || event.type === "exchange_failed") end(event);
      else if (event.type === "exchange_retried") {
        const attributes = { ...failureOf(event), [DELAY]: event.delayInMs / 1000 };
        return spans.get(event.exchangeId)?.addEvent("retry", attributes);
      } else if (event.type === "exchange_joined") {
        const caller = trace.getSpanContext(callerOf(event));
        if (caller) return spans.get(event.exchangeId)?.addLink({ context: caller });
      }
    });
}

/** Returns the context that Azure clients pass on, which is OpenTelemetry's by another name, or else the active one. */
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
