/** Word from the server that the store changed; every view that follows it asks again. */

import { API } from "./client";

class Live {
  /** Goes up by one each time the store changes after this page was opened. */
  changes = $state(0);
  connected = $state(false);
  as_of = $state<string | null>(null);

  #source: EventSource | undefined;

  start(): void {
    this.#source?.close();
    const source = (this.#source = new EventSource(`${API}/changes`));
    source.addEventListener("open", () => (this.connected = true));
    source.addEventListener("error", () => (this.connected = false));
    source.addEventListener("state", (event) => {
      const told = JSON.parse((event as MessageEvent<string>).data) as { as_of: string | null };
      if (this.as_of !== null && told.as_of !== this.as_of) this.changes += 1;
      this.as_of = told.as_of;
    });
  }
}

export const live = new Live();
