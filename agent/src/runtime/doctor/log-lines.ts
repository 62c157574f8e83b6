// The last lines of the agent's own log, as they may leave the house: the event and what is one of
// a closed set of words. Identifiers, places, paths and everything that is not ours are left out,
// and how many lines that were is said. Pure.

import { adminRefusalCodes, faultCodes, invalidCodes, refusalCodes } from '@wardkey/protocol/codes'
import { z } from 'zod'
import { updateWords } from './updates/updates-in-bundle.ts'

const linesMax = 500
const parts = 'agent|browser|identity|launch|link|offline|presence|reader|screen|updates?'
const event = new RegExp(`^(${parts})\\.[a-z]{2,20}(-[a-z]{2,20}){0,4}$`)
const line = z.object({
  timestamp: z.iso.datetime(),
  level: z.enum(['debug', 'info', 'warn', 'error']),
  message: z.string().max(80).regex(event),
})
/** Small figures; a large one may be somebody's number. */
const figures = z.object({
  attempt: z.int().min(0).max(9999).optional().catch(undefined),
  count: z.int().min(0).max(9999).optional().catch(undefined),
  durationMs: z.int().min(0).max(999_999).optional().catch(undefined),
})
const words = ['code', 'kind', 'reason', 'stage'] as const

/** What the link, the readers and the rest say of why; errors by the names of their classes. */
const reasons = [
  ...['closed', 'failed', 'turned-away', 'misbehaved', 'silent', 'no-welcome', 'told', 'unknown'],
  ...['frame-not-json', 'frame-not-understood', 'version-not-spoken', 'not-reading', 'again'],
  ...['unplugged', 'service-stopped', 'library-missing', 'timeout', 'torn', 'not-signed', 'never'],
  ...['not-understood', 'other-workstation', 'damaged', 'damaged-not-kept', 'no-key', 'pcsc'],
  ...['rf-ideas', 'transient', 'permanent', 'ambiguous', 'unsteady', 'overflow'],
  ...['Error', 'TypeError', 'RangeError', 'SyntaxError', 'AggregateError', 'Fault'],
]
const codes = [refusalCodes, adminRefusalCodes, invalidCodes, faultCodes].flatMap(Object.keys)
const known: ReadonlySet<string> = new Set([...reasons, ...updateWords, ...codes])
/** Of Node and OpenSSL, and statuses of a closed line. */
const refused = 'CONNREFUSED|CONNRESET|CONNABORTED|TIMEDOUT|HOSTUNREACH|NETUNREACH|NOTFOUND'
const systems = 'AI_AGAIN|PIPE|ACCES|PERM|NOENT|EXIST|NOSPC|IO|BUSY|ADDRINUSE'
const certificates =
  'CERT_HAS_EXPIRED|CERT_NOT_YET_VALID|(DEPTH_ZERO_)?SELF_SIGNED_CERT(_IN_CHAIN)?'
const systemCode = new RegExp(
  `^(E(${refused}|${systems})|ERR_(TLS|SSL|OSSL|SOCKET)_[A-Z_]{2,60}|UNABLE_TO_[A-Z_]{2,60}|` +
    `${certificates}|[1-5][0-9]{2}|10[01][0-9]|44[0-9]{2})$`,
)

/** A code of the system's, of TLS, or of a closed line; nothing that somebody could have typed. */
export function isSystemCode(text: string): boolean {
  return systemCode.test(text)
}

export interface CleanLog {
  readonly lines: readonly object[]
  /** Lines that are not of this log, or not as it writes them. */
  readonly leftOut: number
}

export function cleanLogLines(text: string): CleanLog {
  const all = text.split('\n').filter((one) => one.trim() !== '')
  const last = all.slice(-linesMax)
  const lines = last.flatMap((one) => cleanLine(one) ?? [])
  return { lines, leftOut: last.length - lines.length }
}

function cleanLine(text: string): object | undefined {
  const json = jsonOf(text)
  const parsed = line.safeParse(json).data
  if (!parsed) return undefined
  const fields = z.record(z.string(), z.unknown()).safeParse(json).data ?? {}
  const said = words.flatMap((name): [string, string][] => {
    const value = fields[name]
    if (typeof value !== 'string') return []
    return [[name, known.has(value) || isSystemCode(value) ? value : '(left out)']]
  })
  return { ...parsed, ...figures.parse(fields), ...Object.fromEntries(said) }
}

function jsonOf(text: string): unknown {
  try {
    const parsed: unknown = JSON.parse(text)
    return parsed
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown
    return undefined
  }
}
