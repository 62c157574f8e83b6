// Opens the desktop of the system we are on. Each is loaded only where it is needed: the others'
// libraries do not exist here.

import type { Desktop, DesktopClock } from './desktop.ts'

export interface DesktopNeeds {
  readonly clock: DesktopClock
  /** process.platform, as the settings have it. */
  readonly platform: string
  /** X11 only: the display; empty for none. */
  readonly display: string
  /** Linux only: a locker from the workstation's own settings, instead of logind. */
  readonly locker?: readonly [file: string, ...programArguments: string[]]
}

/** Undefined for a system that we know nothing of: nothing there can be locked or asked. */
export async function openDesktop(needs: DesktopNeeds): Promise<Desktop | undefined> {
  switch (needs.platform) {
    case 'linux': {
      const { openLinuxDesktop } = await import('./linux/linux-desktop.ts')
      return openLinuxDesktop(needs)
    }
    case 'win32': {
      const { openWindowsDesktop } = await import('./windows/windows-desktop.ts')
      return openWindowsDesktop(needs.clock)
    }
    case 'darwin': {
      const { openMacosDesktop } = await import('./macos/macos-desktop.ts')
      return openMacosDesktop(needs.clock)
    }
    default:
      return undefined
  }
}
