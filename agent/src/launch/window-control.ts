// Windows by DevTools: in front and whole, or away. A kiosk window goes through "normal" on every
// way, because from full screen to minimised, or back, is refused. The browser does what it is
// told in order, so both steps are told at once: a lock does not wait for the first one's answer.

import { z } from 'zod'
import type { DevTools } from './devtools.ts'

const found = z.object({ windowId: z.number() })

/** The browser's number for the window that a page has to itself, which it keeps. */
export async function findWindow(devTools: DevTools, targetId: string): Promise<number> {
  return found.parse(await devTools.send('Browser.getWindowForTarget', { targetId })).windowId
}

export async function showWindow(
  devTools: DevTools,
  windowId: number,
  size: 'whole' | 'as-it-was' = 'whole',
): Promise<void> {
  await setState(devTools, windowId, size === 'whole' ? ['normal', 'fullscreen'] : ['normal'])
}

export async function hideWindow(devTools: DevTools, windowId: number): Promise<void> {
  await setState(devTools, windowId, ['normal', 'minimized'])
}

async function setState(
  devTools: DevTools,
  windowId: number,
  states: readonly string[],
): Promise<void> {
  await Promise.all(
    states.map((windowState) =>
      devTools.send('Browser.setWindowBounds', { windowId, bounds: { windowState } }),
    ),
  )
}
