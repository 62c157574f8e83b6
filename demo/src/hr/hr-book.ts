// What HR keeps of its people, in a file of its own: as every HR system has its own books. Invented
// people only; their PINs stand on their badges, which is why nothing here may ever be real.

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { employments, positionKeys } from './positions.ts'

const employment = z.enum(employments)
const position = z.enum(positionKeys)

const hired = z.strictObject({
  key: z.string(),
  /** The broker's id of her, as SCIM gave it. */
  id: z.string(),
  given: z.string(),
  family: z.string(),
  position,
  employment,
  uid: z.string(),
  /** Absent until the badge office has given one. */
  pin: z.string().optional(),
  staffNumber: z.string(),
  /** What the last act took the place of, where it can be taken back. */
  before: z.strictObject({ position, employment }).optional(),
})
export type Hired = z.infer<typeof hired>

export class HrBook {
  readonly #file: string
  #people: readonly Hired[]

  constructor(file: string) {
    this.#file = file
    this.#people = existsSync(file)
      ? z.array(hired).parse(JSON.parse(readFileSync(file, 'utf8')))
      : []
  }

  get people(): readonly Hired[] {
    return this.#people
  }

  find(key: string): Hired | undefined {
    return this.#people.find((one) => one.key === key)
  }

  put(person: Hired): void {
    const isKnown = this.find(person.key) !== undefined
    this.#people = isKnown
      ? this.#people.map((one) => (one.key === person.key ? person : one))
      : [...this.#people, person]
    writeFileSync(this.#file, JSON.stringify(this.#people), { mode: 0o600 })
  }
}
