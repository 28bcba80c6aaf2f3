/** Who sits before the page. Reading needs nobody; reviewing needs a reviewer. */

import { get, post, signOut } from "./client";
import type { Session } from "./shapes";

class Signed {
  at = $state.raw<Session | undefined>(undefined);
  /** Goes up with each signing in and out; one by token has no user to tell it by. */
  changes = $state(0);
  /** Whether the dialogue for signing in is open. */
  asking = $state(false);

  get mayReview(): boolean {
    return this.at?.may.review ?? false;
  }
  get mayMerge(): boolean {
    return this.at?.may.merge ?? false;
  }
  get csrf(): string | null {
    return this.at?.csrf ?? null;
  }

  async load(): Promise<void> {
    this.at = await get<Session>("/session");
  }
  async signIn(body: { name: string; password: string } | { token: string }): Promise<void> {
    this.at = await post<Session>("/session", body, null);
    this.changes += 1;
  }
  async signOut(): Promise<void> {
    this.at = await signOut(this.csrf);
    this.changes += 1;
  }
}

export const signed = new Signed();
