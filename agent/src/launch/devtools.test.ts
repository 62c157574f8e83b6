// What becomes of commands when the other end answers, refuses, is silent, loses a page or ends.

import { PassThrough } from 'node:stream'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { DevTools } from './devtools.ts'

describe('the DevTools client', () => {
  let written: PassThrough
  let read: PassThrough
  let lost: () => void
  let devTools: DevTools

  beforeEach(() => {
    written = new PassThrough()
    read = new PassThrough()
    lost = vi.fn<() => void>()
    devTools = new DevTools(written, read, lost)
  })

  const hear = (message: object): void => {
    read.write(`${JSON.stringify(message)}\0`)
  }
  const detached = (sessionId: string): void => {
    hear({ method: 'Target.detachedFromTarget', params: { sessionId } })
  }

  it('answers each command with its own result, whatever the order', async () => {
    const first = devTools.send('Browser.getVersion')
    const second = devTools.session('A').send('Page.enable')
    hear({ id: 2, sessionId: 'A', result: { n: 2 } })
    hear({ id: 1, result: { n: 1 } })
    expect(await first).toEqual({ n: 1 })
    expect(await second).toEqual({ n: 2 })
  })

  it('refuses with what the browser said', async () => {
    const command = devTools.send('Page.navigate')
    hear({ id: 1, error: { code: -32_000, message: 'no' } })
    await expect(command).rejects.toMatchObject({ code: 'launch-failed', class: 'permanent' })
  })

  it('gives up on a command that is not answered in time', async () => {
    const command = devTools.send('Page.navigate', {}, 5)
    await expect(command).rejects.toMatchObject({ code: 'launch-failed', class: 'ambiguous' })
  })

  // A browser never answers what it was asked of a page that went away: whoever waited for it would
  // wait for the whole deadline, and the next chart with it.
  it('gives up at once on what was asked of a page that went away', async () => {
    const page = devTools.session('A')
    const gone = page.send('Runtime.evaluate')
    const other = devTools.session('B').send('Runtime.evaluate')
    detached('A')
    await expect(gone).rejects.toMatchObject({ code: 'launch-failed', class: 'ambiguous' })
    hear({ id: 2, sessionId: 'B', result: { n: 2 } })
    expect(await other).toEqual({ n: 2 })
  })

  it('asks nothing more of a page that went away', async () => {
    const page = devTools.session('A')
    detached('A')
    await new Promise((resolve) => setImmediate(resolve))
    await expect(page.send('Runtime.evaluate')).rejects.toMatchObject({ class: 'permanent' })
    expect(written.read()).toBeNull()
  })

  it('gives up on everything when the browser is gone', async () => {
    const command = devTools.session('A').send('Runtime.evaluate')
    read.destroy()
    await expect(command).rejects.toMatchObject({ code: 'browser-died' })
    await expect(devTools.send('Browser.close')).rejects.toMatchObject({ code: 'browser-died' })
    expect(lost).toHaveBeenCalled()
  })

  it.each(['not json', '7', '{"id":"one"}', '{"method":4}'])('passes over %s', async (text) => {
    const command = devTools.send('Browser.getVersion')
    read.write(`${text}\0`)
    hear({ id: 1, result: {} })
    expect(await command).toEqual({})
  })
})
