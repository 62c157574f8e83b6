// A socket of this workstation on which any program of the same user says whether somebody is near:
// a sonar, a camera, a mat. What it hears is evidence and nothing more; it opens and locks nothing,
// answers nothing, and its own trouble leaves the workstation as it is without a sensor.

import { lstatSync, unlinkSync } from 'node:fs'
import { createConnection, createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import type { Log } from '../../platform/log.ts'
import { parsePresenceReport, reportBytesMax } from './presence-report.ts'
import type { PresenceReport } from './presence-report.ts'

export interface PresenceSocketNeeds {
  /** A path, or `\\.\pipe\…` on Windows. */
  readonly path: string
  readonly log: Log
  readonly onReport: (report: PresenceReport) => void
}

export interface PresenceSocket {
  /** Lets go of the socket; nothing is reported afterwards. */
  close(): Promise<void>
}

/** One for each sensor, and one more for somebody who tries it by hand. */
const programsMax = 4
/** Nobody walks up and away more often; a program that floods is cut. */
const reportsPerSecondMax = 10
const notUnderstoodMax = 5
/** Nobody comes and goes more often within a minute: what says so is not believed. */
const changesMax = 6
const changesWithinMs = 60_000

/**
 * Only this user may say anything: the socket is made with mode 0600, in one step. Trouble is
 * logged, never thrown. A socket that a dead agent left is taken away; a living one's is not.
 */
export async function openPresenceSocket(needs: PresenceSocketNeeds): Promise<PresenceSocket> {
  const { path, log } = needs
  const programs = new Set<Socket>()
  const ears = { ...needs, onReport: steadily(needs) }
  const server = createServer((program) => {
    if (programs.size >= programsMax) {
      program.destroy()
      return
    }
    programs.add(program)
    program.once('close', () => programs.delete(program))
    hear(program, ears)
  })
  server.on('error', (thrown) => {
    log.warn('presence.socket-failed', { reason: codeOf(thrown) })
  })
  if (await isFree(path)) listenAlone(server, path)
  else log.warn('presence.socket-failed', { reason: 'EADDRINUSE' })
  return {
    close: () =>
      new Promise((resolve) => {
        for (const program of programs) program.destroy()
        server.close(() => {
          resolve()
        })
      }),
  }
}

/**
 * Each change is written down. Sensors that contradict each other, and one that cannot make up its
 * mind, must fill neither the record nor the journal of a workstation that is cut off.
 */
function steadily({
  onReport,
  log,
}: Pick<PresenceSocketNeeds, 'onReport' | 'log'>): PresenceSocketNeeds['onReport'] {
  let believed: boolean | undefined
  let isUnsteady = false
  let changesMs: readonly number[] = []
  return (report) => {
    const nowMs = performance.now()
    changesMs = changesMs.filter((ms) => nowMs - ms < changesWithinMs)
    if (report.near !== believed) {
      if (changesMs.length >= changesMax) {
        if (!isUnsteady) log.warn('presence.not-believed', { reason: 'unsteady' })
        isUnsteady = true
        return
      }
      isUnsteady = false
      changesMs = [...changesMs, nowMs]
    }
    believed = report.near
    onReport(report)
  }
}

function hear(program: Socket, { log, onReport }: PresenceSocketNeeds): void {
  let text = ''
  let notUnderstood = 0
  const rate = { sinceMs: 0, count: 0 }
  const cut = (reason: string): void => {
    log.warn('presence.program-cut', { reason })
    program.destroy()
  }
  program.setEncoding('utf8')
  program.on('error', () => program.destroy())
  program.on('data', (chunk: string) => {
    const lines = (text + chunk).split('\n')
    text = lines.pop() ?? ''
    for (const line of lines) {
      if (program.destroyed) return
      const report = parsePresenceReport(line)
      const nowMs = performance.now()
      if (nowMs - rate.sinceMs >= 1000) Object.assign(rate, { sinceMs: nowMs, count: 0 })
      rate.count += 1
      if (!report) notUnderstood += 1
      if (rate.count > reportsPerSecondMax) cut('too-many')
      else if (notUnderstood >= notUnderstoodMax) cut('not-understood')
      else if (report) onReport(report)
    }
    if (text.length > reportBytesMax) cut('too-long')
  })
}

/** A named pipe of Windows is gone with its process; a socket's file stays, and says nothing. */
async function isFree(path: string): Promise<boolean> {
  if (path.startsWith('\\\\')) return true
  const file = lstatSync(path, { throwIfNoEntry: false })
  if (!file) return true
  if (!file.isSocket() || (await isAnswered(path))) return false
  unlinkSync(path)
  return true
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createConnection(path)
    probe.once('connect', () => {
      probe.destroy()
      resolve(true)
    })
    probe.once('error', () => {
      resolve(false)
    })
  })
}

/** Bound in this same turn, so that the mask is ours for no longer than that. */
function listenAlone(server: Server, path: string): void {
  const before = process.umask(0o177)
  try {
    server.listen(path)
  } finally {
    process.umask(before)
  }
}

function codeOf(thrown: Error): string {
  return 'code' in thrown ? String(thrown.code) : thrown.name
}
