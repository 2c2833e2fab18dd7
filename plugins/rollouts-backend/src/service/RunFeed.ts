import {
  formatRef,
  refKey,
  type RunEvent as EngineEvent,
} from '@agentyard/kube-rollout';
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { NewRunEvent, RunEventStore } from '../database/RunEventStore';

const FLUSH_MS = 250;
/** Lines kept while the database does not answer. */
const MAX_BUFFER = 500;

/**
 * Takes what the engine tells about one run, writes the lines that people want to read to its log, and says that the run has
 * changed. Never holds the engine up, and never fails it: a line that cannot be written stays for the next try.
 */
export class RunFeed {
  readonly #runId: string;
  readonly #holder: string;
  readonly #events: RunEventStore;
  readonly #publish: (runId: string) => Promise<void>;
  readonly #logger: LoggerService;
  readonly #states = new Map<string, string>();
  #buffer: NewRunEvent[] = [];
  #timer?: NodeJS.Timeout;
  #flushing: Promise<void> = Promise.resolve();

  constructor(options: {
    runId: string;
    holder: string;
    events: RunEventStore;
    publish: (runId: string) => Promise<void>;
    logger: LoggerService;
  }) {
    this.#runId = options.runId;
    this.#holder = options.holder;
    this.#events = options.events;
    this.#publish = options.publish;
    this.#logger = options.logger;
  }

  /** The engine's `onEvent`. */
  readonly receive = (event: EngineEvent): void => {
    const line = this.#lineOf(event);
    if (line) {
      this.#buffer.push(line);
      if (this.#buffer.length > MAX_BUFFER) this.#buffer.shift();
    }
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#flush();
    }, FLUSH_MS);
  };

  /** Writes what is left. */
  async close(): Promise<void> {
    const pending = this.#timer !== undefined || this.#buffer.length > 0;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (pending) this.#flush();
    await this.#flushing;
  }

  #flush(): void {
    this.#flushing = this.#flushing.then(async () => {
      const lines = this.#buffer;
      this.#buffer = [];
      try {
        if (lines.length) {
          await this.#events.append(this.#runId, lines, this.#holder);
        }
        await this.#publish(this.#runId);
      } catch (error) {
        this.#buffer = [...lines, ...this.#buffer].slice(-MAX_BUFFER);
        this.#logger.warn(
          `Cannot write the log of run ${this.#runId}`,
          error as Error,
        );
      }
    });
  }

  #lineOf(event: EngineEvent): NewRunEvent | undefined {
    const { at } = event;
    switch (event.type) {
      case 'state':
        return {
          at,
          level: levelOf(event.state),
          message: [event.state, event.message].filter(Boolean).join(': '),
        };
      case 'object': {
        const { ref, state, message } = event.object;
        const key = `${event.phase} ${refKey(ref)}`;
        if (this.#states.get(key) === state) return undefined;
        this.#states.set(key, state);
        return {
          at,
          level: state === 'failed' ? 'error' : 'info',
          message: [`${formatRef(ref)} ${state}`, message]
            .filter(Boolean)
            .join(': '),
        };
      }
      case 'evidence': {
        const { object, pod, container, reason, message } = event.evidence;
        const where = [
          formatRef(object),
          pod && `pod ${pod}`,
          container && `container ${container}`,
        ]
          .filter(Boolean)
          .join(', ');
        return {
          at,
          level: 'error',
          message: `${where}: ${reason}: ${message}`,
        };
      }
      default:
        return { at, level: event.level, message: event.message };
    }
  }
}

function levelOf(state: string): NewRunEvent['level'] {
  if (state === 'failed' || state === 'needs-attention') return 'error';
  return ['rolling-back', 'rolled-back', 'aborted'].includes(state)
    ? 'warn'
    : 'info';
}
