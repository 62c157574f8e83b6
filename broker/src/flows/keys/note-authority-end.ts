// The record says that the certificate of the workstation authority is near its end: with 90, 30
// and 7 days left, and at the end, each once, by whichever broker sees it first.

import { encodeFact } from '../../audit/fact.ts'
import type { Store } from '../../store/store.ts'
import { newFact } from '../flow-needs.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import { keyNoteWrite } from '../../audit/key-changes/key-note-write.ts'

export interface AuthorityEnd {
  /** SHA-256 of its certificate: another authority begins anew. */
  readonly caSha256: string
  readonly endsMs: number
}

const name = 'authority-end'
const dayMs = 86_400_000
const stages = [0, 7, 30, 90] as const

/** As people are told of it. */
export const authorityWarnMs = 90 * dayMs

/** The stage it has come to, in days; nothing where the end is far. */
export const stageOf = (endsMs: number, nowMs: number): number | undefined =>
  stages.find((days) => endsMs - nowMs <= days * dayMs)

/** True where this broker was the one that said it. */
export async function noteAuthorityEnd(
  { caSha256, endsMs }: AuthorityEnd,
  needs: FlowNeeds & { readonly store: Store },
): Promise<boolean> {
  const { db, store, nowMs } = needs
  const stage = stageOf(endsMs, nowMs())
  if (stage === undefined) return false
  const known = await db
    .selectFrom('key_note')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirst()
  const [knownSha256, knownStage] = known?.value.split(' ') ?? []
  // A clock that went back says nothing again.
  if (knownSha256 === caSha256 && Number(knownStage) <= stage) return false
  const value = `${caSha256} ${String(stage)}`
  const writes = [keyNoteWrite({ name, before: known?.value, value }, needs)]
  const days = Math.max(0, Math.ceil((endsMs - nowMs()) / dayMs))
  const fields = { authority: caSha256, days, endsMs }
  const facts = [encodeFact(newFact(needs, 'KEY-005', { fields }))] as const
  const done = await store.commit({ kind: 'recorded', writes, facts })
  return done.kind === 'committed'
}
