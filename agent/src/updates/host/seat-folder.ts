// On a Mac: the part of the hand-over folder that is the seat's belongs to whoever sits there. What
// another account has laid down goes, by that account's own hand: root follows nothing of anybody's.

import { lstatSync } from 'node:fs'
import { lchown, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { HandOverPlaces } from '../hand-over/hand-over-places.ts'
import type { RunCommand } from '../install/run-command.ts'

export interface SeatNeeds {
  readonly places: HandOverPlaces
  /** Who sits at the machine; nothing where nobody does. */
  readonly seated: () => Owner | undefined
  readonly run: RunCommand
}

interface Owner {
  readonly uid: number
  readonly gid: number
}

/** Below them are accounts that nobody signs in with. */
const firstPerson = 500
const rmWithinMs = 60_000

/** The folder's way there is root's: nobody else puts another in its place. */
export async function giveSeat({ places, seated, run }: SeatNeeds): Promise<void> {
  const owner = seated()
  if (!owner || owner.uid < firstPerson) return
  const folder = dirname(places.order)
  const found = lstatSync(folder, { throwIfNoEntry: false })
  if (found?.uid === owner.uid) return
  if (!found) {
    await mkdir(dirname(folder), { recursive: true, mode: 0o755 })
    await mkdir(folder, { mode: 0o700 })
  } else if (found.uid !== 0) {
    const left = [places.packages, places.order, places.signs, places.noted, places.waits]
    const words = ['-rf', ...left.flatMap((path) => [path, `${path}.new`])]
    await run({ path: '/bin/rm', words, withinMs: rmWithinMs, asUser: ownerOf(found) })
  }
  await lchown(folder, owner.uid, owner.gid)
}

/** The console of a Mac belongs to whoever is before it, and to root where nobody is. */
export function consoleOwner(device = join('/dev', 'console')): Owner | undefined {
  const found = lstatSync(device, { throwIfNoEntry: false })
  return found && ownerOf(found)
}

const ownerOf = ({ uid, gid }: Owner): Owner => ({ uid, gid })
