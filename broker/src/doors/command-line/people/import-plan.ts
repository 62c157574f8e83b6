// What a preview showed, kept beside the file so that applying does that and nothing else, and
// goes on where it stopped. No name is in it: lines, outcomes and versions.

import { createHash } from 'node:crypto'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { importOutcome } from '@wardkey/protocol/admin/hr'
import type { ImportedRow } from '@wardkey/protocol/admin/hr'
import { exitCodes, Refused } from '../exit.ts'

const plan = z.strictObject({
  version: z.literal(1),
  fileSha256: z.string().regex(/^[0-9a-f]{64}$/),
  rows: z.array(z.tuple([z.int(), importOutcome, z.int()])),
})
export type ImportPlan = z.infer<typeof plan>

export function planOf(fileSha256: string, rows: readonly ImportedRow[]): ImportPlan {
  const kept = rows.map(({ line, outcome, version }) => [line, outcome, version] as const)
  return { version: 1, fileSha256, rows: kept.map((row) => [...row]) }
}

/** Short enough to type, long enough that nobody makes another plan of the same. */
export function digestOf(made: ImportPlan): string {
  return createHash('sha256').update(JSON.stringify(made)).digest('hex').slice(0, 32)
}

export const planFileOf = (file: string): string => `${file}.plan.json`

export function writePlan(file: string, made: ImportPlan): void {
  writeFileSync(planFileOf(file), JSON.stringify(made), { mode: 0o600 })
}

/** Throws Refused where it is not the plan that was shown, or not of this file. */
export function readPlan(file: string, digest: string, fileSha256: string): ImportPlan {
  const path = planFileOf(file)
  const look = `Look first: wardkey-broker people import ${file} --preview`
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) {
    throw new Refused(exitCodes.refused, `${path}: there is no preview of this file.\n${look}`)
  }
  const parsed = plan.safeParse(jsonOf(readFileSync(path, 'utf8')))
  if (!parsed.success || digestOf(parsed.data) !== digest) {
    throw new Refused(exitCodes.refused, `This is not the digest of the last preview.\n${look}`)
  }
  if (parsed.data.fileSha256 !== fileSha256) {
    throw new Refused(exitCodes.refused, `${file} was changed since its preview.\n${look}`)
  }
  return parsed.data
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown
    return undefined
  }
}
