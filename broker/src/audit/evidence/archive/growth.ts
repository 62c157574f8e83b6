// growth.json of the evidence: proofs that the record continues what it was at earlier checkpoints.
// Pure; whoever has such a checkpoint needs no more.

import { z } from 'zod'
import type { Checkpoint } from '../../checkpoint.ts'
import { verifyConsistency } from '../../merkle/proofs.ts'
import type { GrowthProof } from '../../proofs/prove-record.ts'
import { parseBase64 } from '../../signed-note.ts'

const hash = z.string().length(44)
export const growthFile = z
  .array(
    z.strictObject({
      first: z.int().min(0),
      firstRoot: hash,
      hashes: z.array(hash).max(63),
    }),
  )
  .max(64)
export type Growth = z.infer<typeof growthFile>

export function growthOf(proofs: readonly GrowthProof[]): Growth {
  const base64 = (bytes: Buffer): string => bytes.toString('base64')
  return proofs.map(({ first, firstRoot, path }) => ({
    first,
    ...{ firstRoot: base64(firstRoot), hashes: path.map(base64) },
  }))
}

/** That the record of the second continues the one whose size and root these are. */
export function isGrown({ first, firstRoot, hashes }: Growth[number], second: Checkpoint): boolean {
  const root = parseBase64(firstRoot)
  const path = hashes.flatMap((one) => parseBase64(one) ?? [])
  return (
    root !== undefined &&
    path.length === hashes.length &&
    verifyConsistency(first, second.size, root, second.root, path)
  )
}

export type Continues = 'yes' | 'no-proof' | 'another-record'

/** Whether the archive stands on a checkpoint that somebody kept. */
export function continuesFrom(earlier: Checkpoint, now: Checkpoint, growth: Growth): Continues {
  const root = earlier.root.toString('base64')
  if (earlier.origin !== now.origin || earlier.size > now.size) return 'another-record'
  if (earlier.size === now.size) return earlier.root.equals(now.root) ? 'yes' : 'another-record'
  const proof = growth.find(({ first }) => first === earlier.size)
  if (!proof) return 'no-proof'
  return proof.firstRoot === root && isGrown(proof, now) ? 'yes' : 'another-record'
}
