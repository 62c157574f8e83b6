// An archive of evidence: the report, the results, what was asked, the checkpoint and the proofs,
// and over them a signed MANIFEST. Pure.

import type { GrowthProof } from '../../proofs/prove-record.ts'
import { writeProof } from '../../proofs/tlog-proof.ts'
import type { FactProof } from '../../proofs/tlog-proof.ts'
import type { NoteSigner } from '../../signed-note.ts'
import { reportOf } from '../report/report.ts'
import { evidenceResults } from '../results.ts'
import type { EvidenceResults } from '../results.ts'
import { allChecks, queryOf } from '../rules/all-rules.ts'
import { growthOf } from './growth.ts'
import { manifestName, writeManifest } from './manifest.ts'
import { writeZip } from './stored-zip.ts'

export interface Proofs {
  /** With its witnesses. */
  readonly checkpoint: string
  readonly facts: readonly FactProof[]
  readonly growth: readonly GrowthProof[]
}

/** Throws where the results are not of their own schema. */
export function writeArchive(results: EvidenceResults, proofs: Proofs, signer: NoteSigner): Buffer {
  const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`
  const files = [
    ['report.html', reportOf(results)],
    ['results.json', json(evidenceResults.parse(results))],
    ['queries.txt', queries],
    ['checkpoint.note', proofs.checkpoint],
    ['growth.json', json(growthOf(proofs.growth))],
    ...proofs.facts.map((proof) => [proofName(proof.index), writeProof(proof)] as const),
  ].map(([name = '', text = '']) => ({ name, bytes: Buffer.from(text) }))
  const manifest = Buffer.from(writeManifest(files, signer))
  return writeZip([...files, { name: manifestName, bytes: manifest }])
}

export const proofName = (index: number): string => `proofs/${String(index)}.tlog-proof`

const queries = allChecks.map((check) => `${check.id}\n  ${queryOf(check)}\n`).join('\n')
