/** A text whose offsets count characters (code points), as those of the server do; strings here count UTF-16 units. */

export class Letters {
  readonly length: number;
  /** UTF-16 index of each character and of the end; undefined where both ways of counting agree. */
  readonly #units: Uint32Array | undefined;

  constructor(readonly text: string) {
    if (!/[\ud800-\udbff]/.test(text)) {
      this.length = text.length;
      return;
    }
    const units = new Uint32Array(text.length + 1);
    let n = 0;
    for (let unit = 0; unit < text.length; n++) {
      units[n] = unit;
      unit += text.codePointAt(unit)! > 0xffff ? 2 : 1;
    }
    units[n] = text.length;
    this.length = n;
    this.#units = units.subarray(0, n + 1);
  }

  /** Words from one character to another, end exclusive. */
  slice(start: number, end: number): string {
    return this.text.slice(this.toUnit(start), this.toUnit(end));
  }

  toUnit(character: number): number {
    const at = Math.max(0, Math.min(character, this.length));
    return this.#units ? this.#units[at]! : at;
  }

  /** The character at a UTF-16 index; the one it lies in when it points into a pair. */
  toCharacter(unit: number): number {
    const units = this.#units;
    if (!units) return Math.max(0, Math.min(unit, this.length));
    let [low, high] = [0, units.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (units[middle]! <= unit) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
