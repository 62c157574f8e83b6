// `wardkey-agent doctor`: what is wrong with this workstation and what to do, in plain words; and a
// bundle for whoever helps. The exit code is that of the worst.

import { closeSync, fstatSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs'
import type { Facts } from '../doctor/facts.ts'
import { findings, worstOf } from '../doctor/findings.ts'
import type { Finding } from '../doctor/findings.ts'
import { judge } from '../doctor/judge.ts'
import { nothing } from '../doctor/meaning.ts'
import type { Level } from '../doctor/meaning.ts'
import { supportBundle } from '../doctor/support-bundle.ts'
import type { BundleNeeds } from '../doctor/support-bundle.ts'
import { exitCodes } from './exit-codes.ts'
import type { ExitCode } from './exit-codes.ts'
import type { Output } from './output.ts'

export interface DoctorOptions {
  readonly json?: boolean
  readonly bundle?: string
  readonly log?: string
  readonly page?: readonly string[]
}

const tailBytes = 512 * 1024
const exits: Readonly<Record<Level, ExitCode>> = {
  ok: exitCodes.ok,
  warn: exitCodes.trouble,
  fail: exitCodes.wrong,
}

export async function doctorCommand(
  options: DoctorOptions,
  gather: () => Promise<Facts>,
  versions: BundleNeeds['versions'],
  output: Output,
): Promise<ExitCode> {
  const { bundle, log } = options
  if (log !== undefined && bundle === undefined) {
    output.say('--log goes with --bundle.')
    return exitCodes.usage
  }
  const logText = log === undefined ? '' : readTail(log)
  if (logText === undefined) {
    output.say('The file of --log cannot be read.')
    return exitCodes.usage
  }
  const facts = await gather()
  const found = judge(facts)
  if (bundle !== undefined) {
    const text = supportBundle({ facts, found, logText, versions })
    if (!keepNew(bundle, text)) {
      output.say('The bundle was not written: its file is there already, or cannot be made.')
      return exitCodes.usage
    }
  }
  const level = worstOf(found)
  if (options.json === true) output.answer(JSON.stringify({ level, findings: found.map(whole) }))
  else for (const one of found) for (const line of linesOf(one)) output.answer(line)
  if (bundle !== undefined) output.say('The bundle is written. Read it before you send it.')
  return exits[level]
}

const whole = (one: Finding) => ({
  ...one,
  sentence: findings[one.code].sentence,
  next: findings[one.code].next,
})

function linesOf({ code, level, about }: Finding): readonly string[] {
  const { sentence, next } = findings[code]
  const line = `${level.padEnd(5)} ${code}: ${sentence}${about === undefined ? '' : ` [${about}]`}`
  return next === nothing ? [line] : [line, `      ${next}`]
}

/** The end of it: a log grows for weeks. */
function readTail(path: string): string | undefined {
  try {
    if (path === '-') return readFileSync(0, 'utf8').slice(-tailBytes)
    const file = openSync(path, 'r')
    try {
      const { size } = fstatSync(file)
      const bytes = Buffer.alloc(Math.min(size, tailBytes))
      const count = readSync(file, bytes, 0, bytes.length, Math.max(0, size - bytes.length))
      return bytes.toString('utf8', 0, count)
    } finally {
      closeSync(file)
    }
  } catch (thrown) {
    if (!(thrown instanceof Error) || !('code' in thrown)) throw thrown
    return undefined
  }
}

/** Never over something that is there. */
function keepNew(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' })
    return true
  } catch (thrown) {
    if (!(thrown instanceof Error) || !('code' in thrown)) throw thrown
    return false
  }
}
