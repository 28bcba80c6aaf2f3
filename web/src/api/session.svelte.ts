/** Who sits before the page. Reading needs nobody; reviewing needs a reviewer. */

import { get, post, signOut } from "./client";
import type { Session } from "./shapes";

class Signed {
  at = $state.raw<Session | undefined>(undefined);
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
  }
  async signOut(): Promise<void> {
    this.at = await signOut(this.csrf);
  }
}

export const signed = new Signed();
