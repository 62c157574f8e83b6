import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import type { ClosableLog } from '../../platform/log.ts'
import { keeperHere } from '../../updates/system/keeper-here.ts'
import { installUpdatesCommand, keepCommand } from './install-updates-command.ts'

function bed(looks: readonly (() => Promise<'go-on' | 'again'>)[]) {
  const said: string[] = []
  const note = (event: string, fields: object): void => {
    said.push(`${event} ${JSON.stringify(fields)}`)
  }
  const log: ClosableLog = { info: note, warn: note, error: note, close: () => Promise.resolve() }
  const left = [...looks]
  const told = new EventEmitter()
  const look = () => {
    const next = left.shift()
    if (next) return next()
    told.emit('SIGTERM')
    return Promise.resolve('go-on' as const)
  }
  const under = { way: false }
  const keeper = { start: () => Promise.resolve(), look, isUnderWay: () => under.way }
  return { said, log, told, keeper, under }
}

describe('install-updates', () => {
  it('ends at once, well, where there is nothing to do', async () => {
    const { log, told, said } = bed([])
    expect(await installUpdatesCommand({ keeper: undefined, log, told })).toBe(0)
    expect([said, told.eventNames()]).toEqual([[], []])
  })
  it('goes on after a look that failed, told by its code alone, and ends when told to', async () => {
    const { log, told, said, keeper } = bed([() => Promise.reject(new Error('token abc'))])
    expect(await installUpdatesCommand({ keeper, log, told, everyMs: 1 })).toBe(0)
    expect(said).toEqual(['updates.started {}', 'updates.failed {"code":"internal"}'])
    expect(told.eventNames()).toEqual([])
  })
  it('is to be begun again once another release is there', async () => {
    const { log, told, keeper } = bed([() => Promise.resolve('again')])
    expect(await installUpdatesCommand({ keeper, log, told, everyMs: 1 })).toBe(75)
  })
  it('ends without being told once its host is gone, but not in the middle of an update', async () => {
    const { log, told, keeper, under } = bed([
      () => Promise.resolve('go-on'),
      () => Promise.resolve('go-on'),
      () => Promise.resolve(((under.way = false), 'go-on' as const)),
      () => Promise.reject(new Error('looked on')),
    ])
    under.way = true
    const isOver = () => true
    expect(await installUpdatesCommand({ keeper, log, told, everyMs: 1, isOver })).toBe(0)
    expect(under.way).toBe(false)
  })
  it('goes on for as long as its host is there', async () => {
    const { log, told, keeper, said } = bed([() => Promise.resolve('go-on')])
    const isOver = () => false
    expect(await installUpdatesCommand({ keeper, log, told, everyMs: 1, isOver })).toBe(0)
    expect(said).toEqual(['updates.started {}'])
  })
  it.each<[string, boolean]>([
    ['', true],
    ['a'.repeat(43), false],
  ])('has nothing to do without a release key, or switched off', (key, isOn) => {
    const settings = {
      ...{ 'updates.releaseKey': key, 'updates.enabled': isOn },
      'updates.folder': '/nowhere',
    }
    expect(keeperHere(settings, bed([]).log)).toBeUndefined()
  })
})

describe('what is given to be kept', () => {
  const output = () => {
    const lines: string[] = []
    return { lines, answer: () => undefined, say: (line: string) => void lines.push(line) }
  }
  it('is told in words, with the exit code of it', async () => {
    const out = output()
    const keep = (what: 'kept' | 'other') => ({ keep: () => Promise.resolve(what) })
    expect(await keepCommand(keep('kept'), '/a.deb', out)).toBe(0)
    expect(await keepCommand(keep('other'), '/a.deb', out)).toBe(64)
    expect(await keepCommand(undefined, '/a.deb', out)).toBe(78)
    expect(out.lines).toEqual([
      expect.stringContaining('It is kept'),
      expect.stringContaining('another package'),
      expect.stringContaining('Nothing is updated here'),
    ])
  })
  it('is missing where there is no such file', async () => {
    const gone = Object.assign(new Error('no'), { code: 'ENOENT' })
    const out = output()
    expect(await keepCommand({ keep: () => Promise.reject(gone) }, '/a.deb', out)).toBe(64)
    expect(out.lines).toEqual(['It is not there, or no plain file.'])
  })
})
