// What a fact says about a person in words that she can have forgotten: each field sealed under her
// own key, bound to its fact and its name. Nothing of it can be read without that key, ever again.

import { seal, unseal } from '../platform/seal.ts'
import type { Fact } from './fact.ts'

/** Longer than any name or number; a fact has to fit its limit. */
const fieldCharsMax = 1_000

/** For `Fact.sealed`. The key is the person's (audit/person-keys). */
export function sealFields(
  fact: Pick<Fact, 'id'> & { readonly person: string },
  fields: Readonly<Record<string, string>>,
  key: Uint8Array,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, text]) => {
      if (text.length > fieldCharsMax) throw new Error('a sealed field is too long')
      return [name, seal(text, key, boundTo(fact, name)).toString('base64')]
    }),
  )
}

/** Throws where the bytes were changed, or were sealed under another key, fact or name. */
export function openField(
  fact: Pick<Fact, 'id' | 'sealed'> & { readonly person: string },
  name: string,
  key: Uint8Array,
): string | undefined {
  const sealed = fact.sealed?.[name]
  if (sealed === undefined) return undefined
  return unseal(Buffer.from(sealed, 'base64'), key, boundTo(fact, name))
}

/**
 * The fact's id stands for its place in the record, which nobody knows before it is committed; both
 * are there once only. The person names the key.
 */
const boundTo = (fact: { readonly id: string; readonly person: string }, name: string): string =>
  `fact ${fact.id} ${name} ${fact.person}`
