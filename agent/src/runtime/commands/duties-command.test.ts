import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { dutiesCommand, untilSignalled } from './duties-command.ts'
import type { HostDuties } from './duties-command.ts'
import { exitCodes } from './exit-codes.ts'

function bed() {
  const said: string[] = []
  const note = (event: string): void => {
    said.push(event)
  }
  const close = () => {
    said.push('closed')
    return Promise.resolve()
  }
  const clock = { after: () => () => undefined }
  return { said, log: { info: note, warn: note, error: note, close }, clock }
}
const duty = { name: 'one', everyMs: 1, look: () => Promise.resolve() }

describe('wardkey-agent duties', () => {
  it('ends well at once where there is nothing to do', async () => {
    const { log, clock, said } = bed()
    const host: HostDuties = () => Promise.reject(new Error('must not be asked'))
    expect(await dutiesCommand([], log, clock, host)).toBe(exitCodes.ok)
    expect(said).toEqual(['closed'])
  })

  it('runs until a signal, and ends what it began', async () => {
    const { log, clock, said } = bed()
    const told = new EventEmitter()
    const ending = dutiesCommand([duty], log, clock, untilSignalled(told))
    expect(told.listenerCount('SIGTERM')).toBe(1)
    told.emit('SIGTERM')
    expect(await ending).toBe(exitCodes.ok)
    expect(said).toEqual(['duties.started', 'duties.stopped', 'closed'])
    expect(told.listenerCount('SIGTERM')).toBe(0)
  })

  it('says wrong use where only the system may start it', async () => {
    const { log, clock } = bed()
    expect(await dutiesCommand([duty], log, clock, () => Promise.resolve(false))).toBe(
      exitCodes.usage,
    )
  })
})
