/** Light or dark: as the system has it, until somebody says otherwise. */

const KEY = "dragoman-theme";
const system = matchMedia("(prefers-color-scheme: dark)");

class Theme {
  #own = $state<string | null>(localStorage.getItem(KEY));
  #system = $state(system.matches);

  constructor() {
    system.addEventListener("change", () => {
      this.#system = system.matches;
      this.#show();
    });
    this.#show();
  }

  get is(): "light" | "dark" {
    if (this.#own === "light" || this.#own === "dark") return this.#own;
    return this.#system ? "dark" : "light";
  }
  get name(): string {
    return this.#own ?? "as the system has it";
  }
  turn(): void {
    this.#own = this.is === "dark" ? "light" : "dark";
    localStorage.setItem(KEY, this.#own);
    this.#show();
  }
  #show(): void {
    document.documentElement.dataset.theme = this.is;
  }
}

export const theme = new Theme();
