/**
 * The fields of the cluster's objects that the command reads. Everything is optional, and no text can be trusted: anyone
 * who may write to the cluster can set it.
 */
export interface Metadata {
  readonly name?: string;
  readonly namespace?: string;
  readonly creationTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface ServiceAccount {
  readonly metadata?: Metadata;
}

export interface Container {
  readonly name?: string;
  readonly env?: readonly { readonly name?: string; readonly value?: string }[];
  readonly volumeMounts?: readonly {
    readonly name?: string;
    readonly mountPath?: string;
    readonly subPath?: string;
  }[];
}

export interface Volume {
  readonly name?: string;
  readonly projected?: {
    readonly sources?: readonly {
      readonly serviceAccountToken?: {
        readonly audience?: string;
        readonly expirationSeconds?: number;
        readonly path?: string;
      };
    }[];
  };
}

export interface Pod {
  readonly metadata?: Metadata;
  readonly spec?: {
    readonly serviceAccountName?: string;
    readonly hostNetwork?: boolean;
    readonly containers?: readonly Container[];
    readonly volumes?: readonly Volume[];
  };
  readonly status?: { readonly phase?: string };
}

export interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key?: string;
    readonly operator?: string;
    readonly values?: readonly string[];
  }[];
}

export interface WebhookConfiguration {
  readonly metadata?: Metadata;
  readonly webhooks?: readonly {
    readonly failurePolicy?: string;
    readonly objectSelector?: Selector;
    readonly namespaceSelector?: Selector;
  }[];
}
