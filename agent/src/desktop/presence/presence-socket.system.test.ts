// The sensors' socket as a real one: who may speak on it, what is heard, and what is cut.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createConnection, createServer } from 'node:net'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LogFields } from '../../platform/log.ts'
import type { PresenceReport } from './presence-report.ts'
import { openPresenceSocket } from './presence-socket.ts'
import type { PresenceSocket } from './presence-socket.ts'

const near = '{"near":true,"confidence":0.9}\n'
const away = '{"near":false,"confidence":0.7}\n'

describe.runIf(process.platform !== 'win32')('the sensors’ socket', () => {
  let folder: string
  let path: string
  let socket: PresenceSocket | undefined
  const reports: PresenceReport[] = []
  const logged: string[] = []

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'wardkey-presence-'))
    path = join(folder, 'presence.sock')
    reports.length = 0
    logged.length = 0
  })
  afterEach(async () => {
    await socket?.close()
    socket = undefined
    rmSync(folder, { recursive: true, force: true })
  })

  async function open(): Promise<PresenceSocket> {
    const note = (event: string, fields: LogFields): void => {
      logged.push(`${event} ${String(fields['reason'])}`)
    }
    const log = { info: note, warn: note, error: note }
    socket = await openPresenceSocket({ path, log, onReport: (report) => reports.push(report) })
    return socket
  }
  function program(): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const one = createConnection(path, () => {
        resolve(one)
      })
      one.once('error', reject)
    })
  }
  const closed = (one: Socket): Promise<void> =>
    new Promise((resolve) => {
      one.on('error', () => undefined)
      if (one.destroyed) resolve()
      one.once('close', () => {
        resolve()
      })
    })

  it('hears each line as a report, however it was cut in pieces', async () => {
    await open()
    const sensor = await program()
    sensor.write(near.slice(0, 9))
    await new Promise((resolve) => setTimeout(resolve, 30))
    sensor.write(near.slice(9) + away)
    await expect
      .poll(() => reports)
      .toEqual([
        { near: true, confidence: 0.9 },
        { near: false, confidence: 0.7 },
      ])
  })

  it('is this user’s alone', async () => {
    const modeOf = (name: string): number => {
      writeFileSync(join(folder, name), '')
      return statSync(join(folder, name)).mode
    }
    const before = modeOf('before')
    await open()
    expect((statSync(path).mode & 0o777).toString(8)).toBe('600')
    expect(modeOf('after')).toBe(before)
  })

  it('takes the place of one that a dead agent left', async () => {
    const left = `require('net').createServer().listen(process.argv[1], () => process.abort())`
    spawnSync(process.execPath, ['-e', left, path], { stdio: 'ignore' })
    expect(statSync(path).isSocket()).toBe(true)
    await open()
    const sensor = await program()
    sensor.write(near)
    await expect.poll(() => reports.length).toBe(1)
  })

  describe('refuses', () => {
    it('more reports than anybody needs, and cuts who sends them', async () => {
      await open()
      const sensor = await program()
      sensor.write(near.repeat(50))
      await closed(sensor)
      expect(reports.length).toBe(10)
      expect(logged).toEqual(['presence.program-cut too-many'])
    })
    it('to believe what changes more often than people come and go, and says so once', async () => {
      await open()
      const [one, other] = [await program(), await program()]
      one.write((near + away).repeat(4))
      await expect.poll(() => logged).toEqual(['presence.not-believed unsteady'])
      other.write(near)
      other.write(away)
      await expect.poll(() => reports.length).toBe(7)
      expect(reports.map((report) => report.near)).toEqual([
        ...[true, false, true, false, true, false],
        false,
      ])
      expect(logged).toHaveLength(1)
    })
    it('a line without an end', async () => {
      await open()
      const sensor = await program()
      sensor.write(' '.repeat(200))
      await closed(sensor)
      expect(logged).toEqual(['presence.program-cut too-long'])
    })
    it('a program that says other things, and hears nothing of them', async () => {
      await open()
      const sensor = await program()
      sensor.write('GET / HTTP/1.1\nHost: x\nA: b\nC: d\nE: f\n\n')
      await closed(sensor)
      expect(reports).toEqual([])
      expect(logged).toEqual(['presence.program-cut not-understood'])
    })
    it('more programs than it has room for, and keeps the others', async () => {
      await open()
      const programs = [await program(), await program(), await program(), await program()]
      await closed(await program())
      programs[0]?.write(near)
      await expect.poll(() => reports.length).toBe(1)
      for (const one of programs) one.destroy()
    })
    it('to take what is not its own: a file, or the socket of a living agent', async () => {
      writeFileSync(path, 'kept')
      await open()
      expect(statSync(path).isFile()).toBe(true)
      expect(logged).toEqual(['presence.socket-failed EADDRINUSE'])
      rmSync(path)
      const other = createServer()
      await new Promise<void>((resolve) => other.listen(path, resolve))
      await open()
      expect(logged.length).toBe(2)
      await new Promise((resolve) => other.close(resolve))
    })
    it('a place where there is none, without failing', async () => {
      path = join(folder, 'none', 'presence.sock')
      await open()
      await expect.poll(() => logged.length).toBe(1)
    })
  })
})
