import { setTimeout as sleep } from 'node:timers/promises';
import { collectionPath, Resource } from '../cluster/discovery';
import { Transport } from '../cluster/transport';
import { watchError } from '../cluster/apiError';
import { ClusterError } from '../errors';
import { KubeObject } from '../object';
import { jsonLines } from './lines';
import { reduce } from './reduce';

/** What a watch looks at. */
export interface WatchScope {
  resource: Resource;
  namespace?: string;
  /** For cluster-scoped kinds: only the object of this name. */
  name?: string;
}

/** Told of what a watch sees. */
export interface WatchListener {
  /** An object is new or has changed, or (`gone`) is no more. */
  onObject(object: KubeObject, gone: boolean): void;
  /** Sight was lost (with the reason) or is back. */
  onSight(live: boolean, reason?: ClusterError): void;
}

/** Durations in milliseconds; only tests choose others. */
export interface WatchTiming {
  /** Bookmarks come about once a minute: longer silence means a dead connection. */
  inactivityMs: number;
  /** How long the server keeps one stream open, at least; spread over as much again. */
  streamMs: number;
  backoffMs: number;
  maxBackoffMs: number;
}

const TIMING: WatchTiming = {
  inactivityMs: 150_000,
  streamMs: 300_000,
  backoffMs: 250,
  maxBackoffMs: 30_000,
};

const INITIAL_EVENTS_END = 'k8s.io/initial-events-end';

/**
 * One watch for all who want to know about one kind in one namespace. It keeps the present state, survives ends of
 * stream, errors and expired versions without its listeners losing anything, and costs bookmarks while nothing happens.
 */
export class SharedWatch {
  readonly #transport: Transport;
  readonly #scope: WatchScope;
  readonly #timing: WatchTiming;
  readonly #objects = new Map<string, KubeObject>();
  readonly #byController = new Map<string, Map<string, KubeObject>>();
  readonly #listeners = new Set<WatchListener>();
  readonly #stop = new AbortController();
  readonly #synced: Promise<void>;
  #markSynced!: () => void;
  #markBroken!: (error: Error) => void;
  #everSynced = false;
  #live = false;
  #resourceVersion?: string;
  #streamingLists = true;

  constructor(
    transport: Transport,
    scope: WatchScope,
    timing: Partial<WatchTiming> = {},
  ) {
    this.#transport = transport;
    this.#scope = scope;
    this.#timing = { ...TIMING, ...timing };
    this.#synced = new Promise((resolve, reject) => {
      this.#markSynced = resolve;
      this.#markBroken = reject;
    });
    this.#synced.catch(() => {});
    void this.#run();
  }

  /** Resolves when the state is complete for the first time; rejects when the server refuses the watch. */
  get synced(): Promise<void> {
    return this.#synced;
  }

  /** False while the present state may be out of date. */
  get live(): boolean {
    return this.#live;
  }

  /** The present state of one object. */
  get(namespace: string | undefined, name: string): KubeObject | undefined {
    return this.#objects.get(`${namespace ?? ''}/${name}`);
  }

  /** The objects whose controller has this UID. */
  controlledBy(uid: string): Iterable<KubeObject> {
    return this.#byController.get(uid)?.values() ?? [];
  }

  subscribe(listener: WatchListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#stop.abort();
    this.#markBroken(new ClusterError('ABORTED', 'the watch was closed'));
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (!this.#stop.signal.aborted) {
      const opened = Date.now();
      try {
        await this.#watchOnce();
        failures = 0;
        // A server that hangs up at once must not be hammered.
        if (Date.now() - opened < 1000) await this.#pause(1000);
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        const reason = asClusterError(error);
        if (reason.code === 'GONE') {
          this.#resourceVersion = undefined;
          this.#setLive(false, reason);
          continue;
        }
        this.#setLive(false, reason);
        if (!this.#everSynced && isRefusal(reason)) {
          this.#markBroken(reason);
          return;
        }
        // Long watched, then broken: the first retry is quick again.
        if (Date.now() - opened > this.#timing.maxBackoffMs) failures = 0;
        const delay = Math.min(
          this.#timing.backoffMs * 2 ** failures,
          this.#timing.maxBackoffMs,
        );
        failures += 1;
        await this.#pause(delay * (0.5 + Math.random()));
      }
    }
  }

  async #watchOnce(): Promise<void> {
    if (this.#resourceVersion === undefined && !this.#streamingLists) {
      await this.#list();
    }
    const initial = this.#resourceVersion === undefined;
    const seen = new Set<string>();
    const attempt = new AbortController();
    const signal = AbortSignal.any([this.#stop.signal, attempt.signal]);
    const silence = setTimeout(
      () => attempt.abort(),
      this.#timing.inactivityMs,
    );
    silence.unref?.();
    try {
      const stream = await this.#open(initial, signal);
      if (!initial) this.#setLive(true);
      for await (const event of jsonLines(stream)) {
        silence.refresh();
        const object = event.object as KubeObject;
        switch (event.type) {
          case 'ADDED':
          case 'MODIFIED':
            this.#put(object, initial && !this.#live ? seen : undefined);
            break;
          case 'DELETED':
            this.#drop(keyOf(object), object);
            break;
          case 'BOOKMARK':
            if (object.metadata.annotations?.[INITIAL_EVENTS_END] === 'true') {
              this.#completeInitial(seen);
            }
            break;
          case 'ERROR':
            throw watchError(event.object, `watch ${this.#path()}`);
          default:
            throw new ClusterError(
              'BAD_RESPONSE',
              `unknown watch event "${event.type}"`,
            );
        }
        // Before the initial set is complete, its versions are no place to resume from.
        if (!initial || this.#live) {
          this.#resourceVersion = object.metadata.resourceVersion;
        }
      }
    } catch (error) {
      if (attempt.signal.aborted && !this.#stop.signal.aborted) {
        throw new ClusterError(
          'UNREACHABLE',
          `watch ${this.#path()}: silent for ${
            this.#timing.inactivityMs / 1000
          } s`,
        );
      }
      throw error;
    } finally {
      clearTimeout(silence);
      attempt.abort();
    }
  }

  async #open(initial: boolean, signal: AbortSignal) {
    const { streamMs } = this.#timing;
    const { name } = this.#scope;
    try {
      return await this.#transport.stream({
        method: 'GET',
        path: this.#path(),
        query: {
          watch: 1,
          allowWatchBookmarks: true,
          timeoutSeconds: Math.ceil((streamMs * (1 + Math.random())) / 1000),
          fieldSelector: name && `metadata.name=${name}`,
          ...(initial
            ? { sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' }
            : { resourceVersion: this.#resourceVersion }),
        },
        signal,
      });
    } catch (error) {
      // Servers before 1.32, or with the feature off, call the parameters forbidden.
      if (
        initial &&
        error instanceof ClusterError &&
        error.code === 'INVALID'
      ) {
        this.#streamingLists = false;
        throw new ClusterError('GONE', 'no streaming lists here', {
          cause: error,
        });
      }
      throw error;
    }
  }

  async #list(): Promise<void> {
    const { name } = this.#scope;
    const seen = new Set<string>();
    let next: string | undefined;
    let version: string | undefined;
    do {
      const { body } = await this.#transport.request({
        method: 'GET',
        path: this.#path(),
        query: {
          limit: 500,
          continue: next,
          fieldSelector: name && `metadata.name=${name}`,
        },
        signal: this.#stop.signal,
      });
      for (const item of body.items ?? []) {
        const { apiVersion, kind } = this.#scope.resource;
        this.#put({ ...item, apiVersion, kind }, seen);
      }
      version = body.metadata?.resourceVersion;
      next = body.metadata?.continue || undefined;
    } while (next);
    this.#resourceVersion = version;
    this.#completeInitial(seen);
  }

  #put(object: KubeObject, seen?: Set<string>): void {
    const key = keyOf(object);
    seen?.add(key);
    const known = this.#objects.get(key);
    if (
      known?.metadata.uid === object.metadata.uid &&
      known?.metadata.resourceVersion === object.metadata.resourceVersion
    ) {
      return;
    }
    const reduced = reduce(object);
    if (known) this.#unindex(key, known);
    this.#objects.set(key, reduced);
    const controller = controllerOf(reduced);
    if (controller) {
      const siblings = this.#byController.get(controller.uid) ?? new Map();
      this.#byController.set(controller.uid, siblings.set(key, reduced));
    }
    for (const listener of this.#listeners) listener.onObject(reduced, false);
  }

  #drop(key: string, object?: KubeObject): void {
    const known = this.#objects.get(key);
    if (known) this.#unindex(key, known);
    this.#objects.delete(key);
    const last = object ? reduce(object) : known;
    if (!last) return;
    for (const listener of this.#listeners) listener.onObject(last, true);
  }

  #unindex(key: string, object: KubeObject): void {
    const controller = controllerOf(object);
    if (!controller) return;
    const siblings = this.#byController.get(controller.uid);
    siblings?.delete(key);
    if (siblings?.size === 0) this.#byController.delete(controller.uid);
  }

  /** What the fresh initial set does not contain went away while nobody was looking. */
  #completeInitial(seen: Set<string>): void {
    for (const key of [...this.#objects.keys()]) {
      if (!seen.has(key)) this.#drop(key);
    }
    this.#everSynced = true;
    this.#setLive(true);
    this.#markSynced();
  }

  #setLive(live: boolean, reason?: ClusterError): void {
    if (live === this.#live) return;
    this.#live = live;
    for (const listener of this.#listeners) listener.onSight(live, reason);
  }

  #path(): string {
    return collectionPath(this.#scope.resource, this.#scope.namespace);
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stop.signal }).catch(() => {});
  }
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

/** The reference to the object that controls this one. */
export function controllerOf({ metadata }: KubeObject) {
  return metadata.ownerReferences?.find(({ controller }) => controller);
}

function isRefusal({ code }: ClusterError): boolean {
  return [
    'UNAUTHORIZED',
    'FORBIDDEN',
    'NOT_FOUND',
    'INVALID',
    'BAD_KUBECONFIG',
  ].includes(code);
}

function asClusterError(error: unknown): ClusterError {
  return error instanceof ClusterError
    ? error
    : new ClusterError(
        'UNREACHABLE',
        `the watch broke: ${(error as Error).message}`,
        { cause: error },
      );
}
