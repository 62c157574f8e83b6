// How a command ends: the exit codes that scripts rely on, and the words for people.

import { faultCodes } from '@wardkey/protocol/codes'
import type { FaultCode } from '@wardkey/protocol/codes'
import type { Fault } from '../../platform/fault.ts'

/** After sysexits.h where it has one. Documented in --help. */
export const exitCodes = {
  ok: 0,
  refused: 1,
  usage: 2,
  unavailable: 69,
  software: 70,
  config: 78,
} as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** Ends a command with words for the person at the terminal; nothing else is said. */
export class Refused extends Error {
  readonly exitCode: number
  /** The broker's own, where it was who said no. */
  readonly code: string | undefined

  constructor(exitCode: number, sentence: string, code?: string) {
    super(sentence)
    this.name = 'Refused'
    this.exitCode = exitCode
    this.code = code
  }
}

export function exitOf({ code }: Fault): ExitCode {
  return byCode[code] ?? exitCodes.unavailable
}

const byCode: Partial<Record<FaultCode, ExitCode>> = {
  'key-missing': exitCodes.config,
  'settings-not-valid': exitCodes.config,
  'record-not-valid': exitCodes.refused,
  'record-rolled-back': exitCodes.refused,
  'store-not-empty': exitCodes.refused,
  'backup-not-valid': exitCodes.refused,
  internal: exitCodes.software,
}

/** What happened, where, and what to do; the operator's voice, so the cause is told too. */
export function tellFault({ code, cause }: Fault): string {
  const { sentence, next } = faultCodes[code]
  // A fault without a code of its own is ours to mend: whoever reports it needs the whole of it.
  const text = cause instanceof Error ? (code === 'internal' ? cause.stack : cause.message) : ''
  const detail = text === undefined || text === '' ? '' : `\n${indent(text)}`
  return `${sentence}${detail}\n${next}`
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n')
}
