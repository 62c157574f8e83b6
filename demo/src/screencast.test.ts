// What the demo's eye asks of a window: light or dark as the visitor has it, before its first picture
// and whenever that changes; and a picture for whoever comes later.

import { expect, it } from 'vitest'
import { z } from 'zod'
import type { DevToolsSession } from '@wardkey/agent/launch/devtools'
import { Screencast } from './screencast.ts'

const media = z.object({ features: z.array(z.object({ value: z.string() })) })

class Window {
  readonly asked: string[] = []
  readonly session: DevToolsSession = {
    on: () => () => undefined,
    send: (method, params) => {
      const asked = media.safeParse(params).data
      this.asked.push(asked?.features[0]?.value ?? method)
      return Promise.resolve({ data: 'AAAA' })
    },
  }

  /** Since it was asked last. */
  async said(): Promise<string[]> {
    await new Promise((resolve) => setImmediate(resolve))
    const named = ['light', 'dark', 'Page.startScreencast', 'Page.captureScreenshot']
    return this.asked.splice(0).filter((one) => named.includes(one))
  }
}

it('has a window look as the visitor wants it, before it is seen and when that changes', async () => {
  const [first, second] = [new Window(), new Window()]
  let pictures = 0
  const eye = new Screencast(() => (pictures += 1))
  eye.turnTo(first.session)
  eye.look(true)
  expect(await first.said()).toEqual([])
  eye.watch(true)
  const dark = ['dark', 'Page.startScreencast', 'Page.captureScreenshot']
  expect(await first.said()).toEqual(dark)
  eye.turnTo(second.session)
  expect(await second.said()).toEqual(dark)
  eye.look(false)
  expect(await second.said()).toEqual(['light', ...dark.slice(1)])
  expect(pictures).toBe(3)
  eye.watch(false)
})

it('draws a window that stands still for a page that comes beside another', async () => {
  const window = new Window()
  let pictures = 0
  const eye = new Screencast(() => (pictures += 1))
  eye.turnTo(window.session)
  eye.watch(true)
  await window.said()
  eye.watch(true)
  await new Promise((resolve) => setImmediate(resolve))
  // A browser refuses a second beginning.
  const begins = window.asked.indexOf('Page.startScreencast')
  expect(window.asked.indexOf('Page.stopScreencast')).toBeGreaterThanOrEqual(0)
  expect(window.asked.indexOf('Page.stopScreencast')).toBeLessThan(begins)
  expect(pictures).toBe(2)
  eye.watch(false)
})
