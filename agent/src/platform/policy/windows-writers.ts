// Who else could write a folder of the machine on Windows, by access lists: of the folder itself
// and of every folder that leads to it. What cannot be read counts as somebody who can.

import { win32 } from 'node:path'
import { isAdministratorsOnly } from './access-list.ts'
import type { WindowsSystem } from './registry-layer.ts'

/** What is wrong with it; nothing where only administrators can put or change anything there. */
export function whoElseWritesOnWindows(
  path: string,
  { accessList }: Pick<WindowsSystem, 'accessList'>,
): string | undefined {
  const flaw = (at: string): string => `${at}: others than administrators can change it`
  // Held to what a file is: who may add something there, adds what a program loads.
  if (!isAdministratorsOnly(accessList(path) ?? '', 'file')) return flaw(path)
  // The drive itself belongs to Windows.
  for (let at = win32.dirname(path); at !== win32.dirname(at); at = win32.dirname(at)) {
    if (!isAdministratorsOnly(accessList(at) ?? '', 'folder')) return flaw(at)
  }
  return undefined
}
