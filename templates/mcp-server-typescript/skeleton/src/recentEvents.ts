import { randomUUID } from 'node:crypto';
import type { EventStore, JSONRPCMessage } from '@modelcontextprotocol/server';

/** The last events of one session, so that a client whose stream broke gets what it missed (`Last-Event-ID`). */
export class RecentEvents implements EventStore {
  readonly #events: { id: string; streamId: string; message: JSONRPCMessage }[] = [];
  readonly #limit: number;

  constructor(limit = 200) {
    this.#limit = limit;
  }

  async storeEvent(streamId: string, message: JSONRPCMessage): Promise<string> {
    const id = randomUUID();
    this.#events.push({ id, streamId, message });
    if (this.#events.length > this.#limit) this.#events.shift();
    return id;
  }

  async getStreamIdForEventId(eventId: string): Promise<string | undefined> {
    return this.#events.find(({ id }) => id === eventId)?.streamId;
  }

  /** @throws Error when the event is older than what is kept: the client has to ask again. */
  async replayEventsAfter(
    lastEventId: string,
    { send }: { send: (eventId: string, message: JSONRPCMessage) => Promise<void> },
  ): Promise<string> {
    const index = this.#events.findIndex(({ id }) => id === lastEventId);
    const last = this.#events[index];
    if (!last) throw new Error('The event of Last-Event-ID is no longer kept');
    for (const { id, streamId, message } of this.#events.slice(index + 1)) {
      // The event that primes a stream carries no message.
      if (streamId === last.streamId && 'jsonrpc' in message) await send(id, message);
    }
    return last.streamId;
  }
}
