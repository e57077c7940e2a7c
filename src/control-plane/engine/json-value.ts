/** A JSON value whose shape is another program's promise; reading it never throws and gives a neutral value for what is not there. */
export class JsonValue {
  readonly #value: unknown;

  constructor(value: unknown) {
    this.#value = value;
  }

  /** Parses text; what is no JSON reads as nothing. */
  static parse(text: string): JsonValue {
    try {
      return new JsonValue(JSON.parse(text));
    } catch {
      return new JsonValue(undefined);
    }
  }

  /** The value below these keys. */
  at(...keys: readonly string[]): JsonValue {
    let value = this.#value;
    for (const key of keys) value = isObject(value) ? value[key] : undefined;
    return new JsonValue(value);
  }

  /** The text, or `""`. */
  get text(): string {
    return typeof this.#value === "string" ? this.#value : "";
  }

  /** The number, or 0. */
  get number(): number {
    return typeof this.#value === "number" ? this.#value : 0;
  }

  /** Whether it is `true`. */
  get isTrue(): boolean {
    return this.#value === true;
  }

  /** Whether there is a value at all. */
  get isPresent(): boolean {
    return this.#value !== undefined && this.#value !== null;
  }

  /** The elements of an array, else none. */
  get items(): readonly JsonValue[] {
    return Array.isArray(this.#value) ? this.#value.map((item) => new JsonValue(item)) : [];
  }

  /** The entries of an object, else none. */
  get entries(): readonly (readonly [string, JsonValue])[] {
    return isObject(this.#value) ? Object.entries(this.#value).map(([key, value]) => [key, new JsonValue(value)] as const) : [];
  }

  /** The entries of an object whose values are texts. */
  get texts(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.entries.map(([key, value]) => [key, value.text]));
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
