/** Providers that record their calls. The real SDK is used by the integration tests. */
import { type Context, type Link, type MetricOptions, type SpanOptions, trace } from "@opentelemetry/api";
import type { MeterProviderLike, TracerProviderLike } from "../../src/opentelemetry/mod.ts";

export interface RecordedSpan {
  readonly name: string;
  readonly kind: number | undefined;
  readonly attributes: Record<string, unknown>;
  readonly parentSpanId: string | undefined;
  readonly links: string[];
  readonly events: { readonly name: string; readonly attributes: unknown }[];
  status: unknown;
  ended: number;
}

export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly attributes: Record<string, unknown>;
}

export interface Instrument extends MetricOptions {
  readonly kind: "counter" | "histogram";
  readonly name: string;
}

/** A method of a tracer, a span, a counter or a histogram. */
export type Method =
  | "startSpan"
  | "setAttributes"
  | "setStatus"
  | "addEvent"
  | "addLink"
  | "end"
  | "add"
  | "record";

export class Recorder {
  readonly spans: RecordedSpan[] = [];
  readonly instruments: Instrument[] = [];
  readonly measurements: Measurement[] = [];
  readonly scopes: string[] = [];
  readonly #fail: (method: Method) => unknown;

  /** @param fail may throw, or return a promise that rejects, in any method */
  constructor(fail: (method: Method) => unknown = () => undefined) {
    this.#fail = fail;
  }

  readonly tracerProvider: TracerProviderLike = {
    getTracer: (scope) => {
      this.scopes.push(scope);
      return { startSpan: (...args: Parameters<Recorder["startSpan"]>) => this.startSpan(...args) };
    },
  };

  readonly meterProvider: MeterProviderLike = {
    getMeter: (scope) => {
      this.scopes.push(scope);
      const create = (kind: Instrument["kind"]) => (name: string, options: MetricOptions) => {
        this.instruments.push({ kind, name, ...options });
        const method = kind === "counter" ? "add" : "record";
        return {
          [method]: (value: number, attributes: Record<string, unknown>) => {
            this.measurements.push({ name, value, attributes });
            return this.#fail(method);
          },
        };
      };
      return { createCounter: create("counter"), createHistogram: create("histogram") };
    },
  };

  startSpan(name: string, { kind, attributes }: SpanOptions, parent: Context): unknown {
    this.#fail("startSpan");
    const recorded: RecordedSpan = {
      name,
      kind,
      attributes: { ...attributes },
      parentSpanId: trace.getSpanContext(parent)?.spanId,
      links: [],
      events: [],
      status: undefined,
      ended: 0,
    };
    this.spans.push(recorded);
    return {
      setAttributes: (added: Record<string, unknown>) => {
        Object.assign(recorded.attributes, added);
        return this.#fail("setAttributes");
      },
      setStatus: (status: unknown) => {
        recorded.status = status;
        return this.#fail("setStatus");
      },
      addEvent: (name: string, attributes: unknown) => {
        recorded.events.push({ name, attributes });
        return this.#fail("addEvent");
      },
      addLink: ({ context }: Link) => {
        recorded.links.push(context.spanId);
        return this.#fail("addLink");
      },
      end: () => {
        recorded.ended++;
        return this.#fail("end");
      },
    };
  }

  /** The measurements of an instrument, without the scope, which is the same everywhere. */
  measured(name: string): Record<string, unknown>[] {
    return this.measurements.filter((measurement) => measurement.name === name).map(
      ({ value, attributes: { "workload_id.scope": _scope, ...attributes } }) => ({ value, ...attributes }),
    );
  }
}
