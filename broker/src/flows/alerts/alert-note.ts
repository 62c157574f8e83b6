// What somebody wrote when she closed an alert: sealed under the keys of everybody whom it is
// about, one around the other, so that it is forgotten with the first of them; or, of one about
// nobody, under a key of its own.

import type { PersonId } from '@wardkey/protocol/ids'
import { seal, unseal } from '../../platform/seal.ts'
import type { Write } from '../../store/store.ts'
import type { PersonFlowNeeds } from '../person-flow.ts'

interface About {
  readonly id: string
  readonly people: readonly PersonId[]
}

interface Sealed {
  /** Nothing where somebody was forgotten: then nothing more is kept about her. */
  readonly sealed: Buffer | null
  readonly writes: readonly Write[]
}

const bound = (id: string, who: string): string => `alert ${id} ${who}`
const ownName = (id: string): string => `alert ${id}`

export async function sealAlertNote(
  note: string,
  { id, people }: About,
  { personKeys }: Pick<PersonFlowNeeds, 'personKeys'>,
): Promise<Sealed> {
  if (people.length === 0) {
    const { key, write } = personKeys.make(ownName(id))
    return { sealed: seal(note, key, bound(id, 'itself')), writes: [write] }
  }
  let text = note
  let sealed: Buffer | null = null
  for (const person of people) {
    const key = await personKeys.find(person)
    if (!key) return { sealed: null, writes: [] }
    sealed = seal(text, key, bound(id, person))
    text = sealed.toString('base64')
  }
  return { sealed, writes: [] }
}

/** Nothing where one of them was forgotten. */
export async function openAlertNote(
  sealed: Uint8Array,
  { id, people }: About,
  { personKeys }: { readonly personKeys: Pick<PersonFlowNeeds['personKeys'], 'find'> },
): Promise<string | undefined> {
  if (people.length === 0) {
    const key = await personKeys.find(ownName(id))
    return key && unseal(sealed, key, bound(id, 'itself'))
  }
  let bytes: Uint8Array = sealed
  let text: string | undefined
  for (const person of [...people].reverse()) {
    const key = await personKeys.find(person)
    if (!key) return undefined
    text = unseal(bytes, key, bound(id, person))
    bytes = Buffer.from(text, 'base64')
  }
  return text
}
