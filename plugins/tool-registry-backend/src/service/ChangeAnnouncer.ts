import type { LoggerService } from '@backstage/backend-plugin-api';
import type { EventsService } from '@backstage/plugin-events-node';
import type { SignalsService } from '@backstage/plugin-signals-node';
import {
  TOOL_REGISTRY_CHANGED_CHANNEL,
  TOOL_REGISTRY_CHANGED_TOPIC,
  type ToolRegistryChanged,
} from '@agentyard/plugin-tool-registry-common';

/**
 * Tells what changed: other plugins by an event when entities are concerned, open pages by a signal
 * always. Neither is needed for anything to be right, so a failure is only logged.
 */
export class ChangeAnnouncer {
  readonly #events: EventsService;
  readonly #signals: SignalsService;
  readonly #logger: LoggerService;

  constructor(options: {
    events: EventsService;
    signals: SignalsService;
    logger: LoggerService;
  }) {
    this.#events = options.events;
    this.#signals = options.signals;
    this.#logger = options.logger;
  }

  async announce(change: {
    sourceIds?: string[];
    serverIds?: string[];
    /** Whether entities came, went or changed. */
    entities: boolean;
  }): Promise<void> {
    const message: ToolRegistryChanged = {
      sourceIds: change.sourceIds ?? [],
      serverIds: change.serverIds ?? [],
    };
    try {
      if (change.entities) {
        await this.#events.publish({
          topic: TOOL_REGISTRY_CHANGED_TOPIC,
          eventPayload: message,
        });
      }
      await this.#signals.publish({
        recipients: { type: 'broadcast' },
        channel: TOOL_REGISTRY_CHANGED_CHANNEL,
        message,
      });
    } catch (error) {
      this.#logger.warn('A change could not be announced', error as Error);
    }
  }
}
