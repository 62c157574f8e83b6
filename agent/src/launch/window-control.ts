// Windows by DevTools: in front and whole, or away. A kiosk window goes through "normal" on every
// way, because from full screen to minimised, or back, is refused.

import { z } from 'zod'
import type { DevTools } from './devtools.ts'

const windowId = z.object({ windowId: z.number() })

export async function showWindow(
  devTools: DevTools,
  targetId: string,
  size: 'whole' | 'as-it-was' = 'whole',
): Promise<void> {
  await setState(devTools, targetId, size === 'whole' ? ['normal', 'fullscreen'] : ['normal'])
}

export async function hideWindow(devTools: DevTools, targetId: string): Promise<void> {
  await setState(devTools, targetId, ['normal', 'minimized'])
}

async function setState(
  devTools: DevTools,
  targetId: string,
  states: readonly string[],
): Promise<void> {
  const found = windowId.parse(await devTools.send('Browser.getWindowForTarget', { targetId }))
  for (const windowState of states) {
    await devTools.send('Browser.setWindowBounds', {
      windowId: found.windowId,
      bounds: { windowState },
    })
  }
}
