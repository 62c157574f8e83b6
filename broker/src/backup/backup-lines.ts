// The inside of a backup, line by line (NDJSON): a header with all tables, their rows, and an end
// that counts them. Parsed with limits: whoever has a recipient can write a backup. Pure.

import { z } from 'zod'
import { keyChangesMax } from '../audit/record-lines.ts'
import type { Row, TableShape, Value } from '../store/snapshot/table-shape.ts'

/** A checkpoint over 4,096 entries, its hashes in base64. */
export const backupLineMax = 512 * 1024

const name = z.string().regex(/^[a-z][a-z0-9_]{0,62}$/)
const header = z.strictObject({
  kind: z.literal('header'),
  format: z.literal('wardkey-backup-1'),
  release: z.string().max(40),
  madeMs: z.int().min(0),
  /** The record's origin. */
  origin: z.string().max(255),
  /** Changes of the record's key, for whoever knows a later one (audit/key-changes). */
  keyChanges: z.array(z.string().max(2048)).max(keyChangesMax).optional(),
  migrations: z.array(z.string().max(80)).min(1).max(1000),
  tables: z
    .array(z.strictObject({ name, columns: z.array(name).min(1).max(200) }))
    .min(1)
    .max(500),
})
export type BackupHeader = z.infer<typeof header>
export type BackupTable = BackupHeader['tables'][number]

const end = z.strictObject({
  kind: z.literal('end'),
  /** Of each table, in the order of the header. */
  rows: z.array(z.int().min(0)).max(500),
})
export type BackupEnd = z.infer<typeof end>

const value = z.union([
  z.string(),
  z.number(),
  z.null(),
  z.strictObject({ b: z.string() }).transform(({ b }) => Buffer.from(b, 'base64')),
])
const row = z.tuple([z.int().min(0)], value)

export const headerLine = (
  about: Omit<BackupHeader, 'kind' | 'format' | 'tables'>,
  tables: readonly TableShape[],
): string =>
  lineOf({
    kind: 'header',
    format: 'wardkey-backup-1',
    ...about,
    tables: tables.map(({ name: own, columns }) => ({ name: own, columns: [...columns] })),
  })

export const endLine = (rows: readonly number[]): string => lineOf({ kind: 'end', rows: [...rows] })

export function rowLine(table: number, values: Row): string {
  const plain = values.map((one) =>
    one instanceof Uint8Array ? { b: Buffer.from(one).toString('base64') } : one,
  )
  return `${JSON.stringify([table, ...plain])}\n`
}

const lineOf = (line: BackupHeader | BackupEnd): string => `${JSON.stringify(line)}\n`

export type BackupLine =
  | BackupHeader
  | BackupEnd
  | { readonly kind: 'row'; readonly table: number; readonly values: readonly Value[] }

/** Nothing where the line is not one of ours. */
export function parseBackupLine(text: string): BackupLine | undefined {
  if (text.length > backupLineMax) return undefined
  try {
    const json: unknown = JSON.parse(text)
    if (!Array.isArray(json))
      return z.discriminatedUnion('kind', [header, end]).safeParse(json).data
    const [table, ...values] = row.safeParse(json).data ?? []
    return table === undefined ? undefined : { kind: 'row', table, values }
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown
    return undefined
  }
}
