/** Where the pages are: the address is the state of a view, so every state can be shared and stepped back to. */

const FOREVER = ["as_of"]; // goes along from page to page: the state of knowledge that is looked at

function read() {
  return { path: decodeURI(location.pathname), query: new URLSearchParams(location.search) };
}

class Here {
  #at = $state.raw(read());
  /** What goes along with every link: apart, so that links are not made anew whenever something else of the address changes. */
  #forever = $derived(
    FOREVER.filter((name) => this.#at.query.has(name))
      .map((name) => `${name}=${encodeURIComponent(this.#at.query.get(name)!)}`)
      .join("&"),
  );

  constructor() {
    addEventListener("popstate", () => (this.#at = read()));
  }

  /** Path without a slash at its end, "/" for the first page. */
  get path(): string {
    return this.#at.path.replace(/(.)\/$/, "$1");
  }

  get query(): URLSearchParams {
    return this.#at.query;
  }

  /** One value of the address; "" where it is not set. */
  value(name: string): string {
    return this.#at.query.get(name) ?? "";
  }

  /** The part of the address that every link takes along, as words. */
  get forever(): string {
    return this.#forever;
  }

  /** Values of a name that may stand several times. */
  values(name: string): string[] {
    return this.#at.query.getAll(name);
  }

  /** Go to an address of these pages. */
  go(href: string, { replace = false, keep = true } = {}): void {
    const url = new URL(href, location.origin);
    if (keep)
      for (const name of FOREVER)
        if (this.value(name) && !url.searchParams.has(name)) url.searchParams.set(name, this.value(name));
    const same = url.href === location.href;
    history[replace || same ? "replaceState" : "pushState"](null, "", url);
    const moved = decodeURI(url.pathname) !== this.#at.path;
    this.#at = read();
    if (moved) scrollTo(0, 0);
  }

  /** Set values of the address and stay on the page; null, "" or [] takes a name away. */
  set(wanted: Record<string, string | string[] | number | null | undefined>, { replace = true } = {}): void {
    const query = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(wanted)) {
      query.delete(name);
      if (Array.isArray(value)) value.forEach((v) => query.append(name, v));
      else if (value !== null && value !== undefined && value !== "") query.set(name, String(value));
    }
    const words = query.toString();
    this.go(location.pathname + (words ? `?${words}` : ""), { replace, keep: false });
  }
}

export const here = new Here();

/** An address of these pages with the state of knowledge that is looked at. */
export function to(
  path: string,
  query: Record<string, string | number | string[] | null | undefined> = {},
): string {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (Array.isArray(value)) value.forEach((v) => words.append(name, v));
    else if (value !== null && value !== undefined && value !== "") words.set(name, String(value));
  }
  for (const [name, value] of new URLSearchParams(here.forever))
    if (value && !words.has(name)) words.set(name, value);
  const text = words.toString();
  return path + (text ? `?${text}` : "");
}

/** Let links to these pages change the address without loading them anew. */
export function followLinks(): void {
  document.addEventListener("click", (event) => {
    if (
      event.defaultPrevented ||
      event.button ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey
    )
      return;
    const link = (event.target as Element | null)?.closest?.("a");
    if (!link || link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
    if (link.pathname.startsWith("/api/")) return;
    if (link.hash && link.pathname === location.pathname) return; // a jump within the page
    event.preventDefault();
    here.go(link.href, { keep: false });
  });
}
