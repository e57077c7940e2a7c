import type { Engine, EngineEvent } from "../engine/engine.ts";

/** Image ids by reference as the engine has them, remembered until the engine tells of a change. */
export class ImageView {
  readonly #engine: Engine;
  readonly #ids = new Map<string, string>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** The image's id; `undefined` when the engine does not have it. */
  async id(reference: string): Promise<string | undefined> {
    const known = this.#ids.get(reference);
    if (known !== undefined) return known;
    const image = await this.#engine.inspectImage(reference);
    if (image) this.#ids.set(reference, image.id);
    return image?.id;
  }

  /** Takes an engine's event into account. */
  take(event: EngineEvent): void {
    if (event.type === "image") this.forget();
  }

  /** Asks the engine again from now on. */
  forget(): void {
    this.#ids.clear();
  }
}
