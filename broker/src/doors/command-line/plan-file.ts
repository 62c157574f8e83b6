// What a preview showed, kept beside its file so that applying does that and nothing else, and goes
// on where it stopped. No name and no number is in it: lines, outcomes, and what they were about.

import { createHash } from 'node:crypto'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { exitCodes, Refused } from './exit.ts'

export interface Plan<Row> {
  readonly version: 1
  /** Of the file, and of what else decides how it is read. */
  readonly fileSha256: string
  readonly rows: readonly Row[]
}

/** Short enough to type, long enough that nobody makes another plan of the same. */
export function digestOf(made: Plan<unknown>): string {
  return createHash('sha256').update(JSON.stringify(made)).digest('hex').slice(0, 32)
}

export function writePlan(file: string, made: Plan<unknown>): void {
  writeFileSync(planFileOf(file), JSON.stringify(made), { mode: 0o600 })
}

/** Throws Refused where it is not the plan that was shown, or not of this file. */
export function readPlan<Row>(
  file: string,
  shown: { readonly digest: string; readonly fileSha256: string; readonly command: string },
  row: z.ZodType<Row>,
): Plan<Row> {
  const path = planFileOf(file)
  const look = `Look first: wardkey-broker ${shown.command} ${file} --preview`
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) {
    throw new Refused(exitCodes.refused, `${path}: there is no preview of this file.\n${look}`)
  }
  const parsed = schemaOf(row).safeParse(jsonOf(readFileSync(path, 'utf8')))
  if (!parsed.success || digestOf(parsed.data) !== shown.digest) {
    throw new Refused(exitCodes.refused, `This is not the digest of the last preview.\n${look}`)
  }
  if (parsed.data.fileSha256 !== shown.fileSha256) {
    throw new Refused(exitCodes.refused, `${file} was changed since its preview.\n${look}`)
  }
  return parsed.data
}

const planFileOf = (file: string): string => `${file}.plan.json`

function schemaOf<Row>(row: z.ZodType<Row>) {
  return z.strictObject({
    version: z.literal(1),
    fileSha256: z.string().regex(/^[0-9a-f]{64}$/),
    rows: z.array(row),
  })
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown
    return undefined
  }
}
