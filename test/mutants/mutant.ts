// A fault that can be planted in the text of a source file: what stood there once, and what stands
// there instead. Data only.

export interface Mutant {
  readonly name: string
  /** Below agent/src/machine. */
  readonly file: string
  /** Exactly once in that file. */
  readonly from: string
  readonly to: string
}
