// A certificate of destruction: what was destroyed, when, by whom and why, in words for people, and
// below them the proof that the record holds exactly that fact. The words are made from the fact
// alone, so that whoever changes one of them is found. Pure.

import { z } from 'zod'
import { openCheckpoint } from './checkpoint.ts'
import { verifyProof, writeProof } from './proofs/tlog-proof.ts'
import type { FactProof, ProofVerdict } from './proofs/tlog-proof.ts'
import type { NoteVerifier } from './signed-note.ts'

const text = z.string().max(1000)
const forgottenFact = z.object({
  id: text,
  code: z.literal('PER-004'),
  atMs: z.int().min(0),
  person: text,
  fields: z.object({
    by: text,
    askedBy: text,
    law: text,
    reason: text,
    badges: z.int().min(0),
    sizeBefore: z.int().min(0),
    rootBefore: text,
  }),
})

export type CertificateVerdict =
  | ProofVerdict
  /** The fact is proved, but it is another one, or the words are not made from it. */
  | { readonly kind: 'not-proved'; readonly flaw: 'words' }

const proofBegins = '\nc2sp.org/tlog-proof@v1\n'

/** Nothing where the fact is not one of these. The keys are the record's own. */
export function writeCertificate(
  proof: FactProof,
  keys: readonly NoteVerifier[],
): string | undefined {
  const origin = openCheckpoint(proof.note, keys)?.origin
  const words = origin === undefined ? undefined : wordsOf(proof, origin)
  return words === undefined ? undefined : `${words}\n${writeProof(proof)}`
}

/** Believes nothing but the keys. */
export function verifyCertificate(
  certificate: string,
  keys: readonly NoteVerifier[],
): CertificateVerdict {
  const begin = certificate.indexOf(proofBegins)
  if (begin < 0) return { kind: 'not-proved', flaw: 'unreadable' }
  const verdict = verifyProof(certificate.slice(begin + 1), keys)
  if (verdict.kind === 'not-proved') return verdict
  const words = wordsOf(verdict.proof, verdict.checkpoint.origin)
  return words === certificate.slice(0, begin) ? verdict : { kind: 'not-proved', flaw: 'words' }
}

function wordsOf({ entry, index }: FactProof, origin: string): string | undefined {
  const fact = forgottenFact.safeParse(jsonOf(entry.toString('utf8'))).data
  if (!fact) return undefined
  const { by, askedBy, law, reason, badges, sizeBefore, rootBefore } = fact.fields
  const at = new Date(fact.atMs).toISOString()
  const before =
    sizeBefore === 0 ? 'not signed yet' : `${String(sizeBefore)} facts, root ${rootBefore}`
  return `WARDKEY CERTIFICATE OF DESTRUCTION

Record         ${origin}
Fact           number ${String(index)}, ${fact.id}
Person         ${fact.person}
Destroyed at   ${at}
Destroyed      her key, and with it her name, her staff number, her badge numbers and whatever
               else was sealed under it, in the database and in the record: nobody can read it
Removed        ${String(badges)} badge look-ups, her PIN, her staff number's look-up, what HR said of her
Law            ${law}
Reason         ${reason}
Asked for by   ${askedBy}
Approved by    ${by}
Record before  ${before}
Record after   the checkpoint below, which covers this fact

The record is as it was: no entry was changed or taken away. Backups made before that moment hold
her key until they expire. The lines below prove all of this: wardkey-record verify-certificate.
`
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown
    return undefined
  }
}
