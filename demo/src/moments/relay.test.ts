// The demo's wire: whole, cut, and joined again.

import { once } from 'node:events'
import { createConnection, createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Relay } from './relay.ts'

describe('the wire', () => {
  let far: Server
  let relay: Relay
  const ends: Socket[] = []
  beforeEach(async () => {
    far = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.pipe(socket)
    })
    far.listen(0, '127.0.0.1')
    await once(far, 'listening')
    relay = await Relay.open((far.address() as AddressInfo).port)
  })
  afterEach(async () => {
    for (const end of ends.splice(0)) end.destroy()
    await relay.close()
    far.close()
  })

  function connect(): Socket {
    const end = createConnection({ host: '127.0.0.1', port: relay.port })
    end.on('error', () => undefined)
    ends.push(end)
    return end
  }
  async function isCarried(): Promise<boolean> {
    const end = connect()
    end.write('there and back')
    const [answer] = await Promise.race([once(end, 'data'), once(end, 'close')])
    return String(answer) === 'there and back'
  }

  it('carries what is sent, there and back', async () => {
    expect(await isCarried()).toBe(true)
  })

  it('tears what is connected when it is cut, and lets nothing new through', async () => {
    const end = connect()
    end.write('x')
    await once(end, 'data')
    const torn = once(end, 'close')
    relay.cut()
    await torn
    expect(await isCarried()).toBe(false)
    relay.join()
    expect(await isCarried()).toBe(true)
  })

  it('is torn when its far end goes', async () => {
    const end = connect()
    end.write('x')
    await once(end, 'data')
    const torn = once(end, 'close')
    await relay.close()
    await torn
    relay = await Relay.open(9)
    expect(await isCarried()).toBe(false)
  })
})
