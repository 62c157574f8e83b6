// What the broker says when it takes facts out of the record: which class, up to when, by which
// rule, between which numbers, while which holds stood, and the hash of the list of what went. It
// is signed with the record's key once every body was compared with what was signed of it. Pure.

import { createHash } from 'node:crypto'
import { z } from 'zod'
import { endingClasses } from '@wardkey/protocol/retention-classes'
import { openNote, signNote } from '../signed-note.ts'
import type { NoteSigner, NoteVerifier } from '../signed-note.ts'

const whole = z.int().min(0)
const hash = z.string().length(44)

/** Flat, as the fields of its fact are. */
const purgeStatement = z.object({
  /** Of all purges of this record, from 1 on. */
  purge: z.int().min(1),
  class: z.enum(endingClasses),
  rule: z.int().min(1),
  days: z.int().min(1),
  beforeMs: whole,
  first: whole,
  last: whole,
  count: z.int().min(1),
  /** How many holds stood, and the hash of their ids. */
  holds: whole,
  holdsHash: hash,
  listHash: hash,
})
export type PurgeStatement = z.infer<typeof purgeStatement>

const signedStatement = purgeStatement.extend({ signature: z.string().max(400) })

/** One line of the list: all that is said of a fact that is gone, beside its hash. */
export interface GoneFact {
  readonly index: number
  readonly code: string
  readonly atMs: number
}

/** Nobody is in it: neither who nor where. */
export const purgeList = (gone: readonly GoneFact[]): string =>
  gone.map(({ index, code, atMs }) => `${String(index)} ${code} ${String(atMs)}\n`).join('')

/** Nothing where it is not written as one. */
export function parsePurgeList(list: string): readonly GoneFact[] | undefined {
  if (!list.endsWith('\n')) return undefined
  const lines = list.slice(0, -1).split('\n')
  const gone = lines.flatMap((line) => {
    const [, index, code = '', atMs] =
      /^(0|[1-9]\d{0,14}) ([A-Z]{3}-\d{3}) (0|[1-9]\d{0,14})$/.exec(line) ?? []
    return index === undefined ? [] : [{ index: Number(index), code, atMs: Number(atMs) }]
  })
  return gone.length === lines.length ? gone : undefined
}

export const textHash = (text: string): string => createHash('sha256').update(text).digest('base64')

export const holdsHash = (ids: Iterable<string>): string => textHash([...ids].sort().join('\n'))

/** The fields of its fact. */
export function signPurge(
  statement: PurgeStatement,
  signer: NoteSigner,
): PurgeStatement & { readonly signature: string } {
  const text = textOf(statement, signer.name)
  // After the text and the empty line the signature's own line.
  const signature = signNote(text, signer)
    .slice(text.length + 1)
    .trimEnd()
  return { ...statement, signature }
}

/** Nothing where the fields are none, or nobody whose key is known signed them. */
export function openPurge(
  fields: unknown,
  keys: readonly NoteVerifier[],
): PurgeStatement | undefined {
  const parsed = signedStatement.safeParse(fields).data
  if (!parsed) return undefined
  const { signature, ...statement } = parsed
  const isGood = keys.some(
    (key) => openNote(`${textOf(statement, key.name)}\n${signature}\n`, [key]) !== undefined,
  )
  return isGood ? purgeStatement.parse(statement) : undefined
}

/** No checkpoint begins so: those begin with the record's origin, alone on its line. */
function textOf(statement: PurgeStatement, origin: string): string {
  const lines = Object.keys(purgeStatement.shape).map((key) => {
    const value = statement[key as keyof PurgeStatement]
    return `${key} ${String(value)}`
  })
  return `wardkey retention purge 1\n${origin}\n${lines.join('\n')}\n`
}
