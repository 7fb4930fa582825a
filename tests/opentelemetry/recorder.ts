/** Providers that keep what they are told. The real SDK is tried by `npm run verify -- integration`. */
import { type Context, type Link, type SpanOptions, trace } from "@opentelemetry/api";
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

export class Recorder {
  readonly spans: RecordedSpan[] = [];
  readonly measurements: Measurement[] = [];

  readonly tracerProvider: TracerProviderLike = {
    getTracer: () => ({
      startSpan: (name: string, { kind, attributes }: SpanOptions, parent: Context) => {
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
        const span = {
          setAttribute: (key: string, value: unknown) => span.setAttributes({ [key]: value }),
          setAttributes(added: Record<string, unknown>) {
            Object.assign(recorded.attributes, added);
            return span;
          },
          setStatus(status: unknown) {
            recorded.status = status;
            return span;
          },
          addEvent: (name: string, attributes: unknown) => void recorded.events.push({ name, attributes }),
          addLink: ({ context }: Link) => void recorded.links.push(context.spanId),
          end: () => void recorded.ended++,
        };
        return span;
      },
    }),
  };

  readonly meterProvider: MeterProviderLike = {
    getMeter: () => {
      const createInstrument = (name: string) => {
        const keep = (value: number, attributes: Record<string, unknown>) =>
          void this.measurements.push({ name, value, attributes });
        return { add: keep, record: keep };
      };
      return { createCounter: createInstrument, createHistogram: createInstrument };
    },
  };

  /** What an instrument was told, without what is the same everywhere. */
  told(name: string): Record<string, unknown>[] {
    return this.measurements.filter((measurement) => measurement.name === name).map(
      ({ value, attributes: { "workload_id.scope": _scope, ...attributes } }) => ({ value, ...attributes }),
    );
  }
}
