// A release becomes one that may be rolled out: its manifest is signed, newer than all before, and
// its files are here as it says. Nothing goes anywhere by it.

import type { Actor, AdminRefused } from '../person-flow.ts'
import { newFact } from '../flow-needs.ts'
import type { Recorded } from '../recorded.ts'
import { findTrust, readManifest, refuseUpdate } from './update-needs.ts'
import type { UpdateNeeds } from './update-needs.ts'

export interface ReleaseOrder extends Actor {
  readonly manifest: string
}

export interface ReleaseAdded {
  readonly kind: 'added'
  readonly number: number
  readonly release: string
}

export async function addRelease(
  { manifest: text, by }: ReleaseOrder,
  needs: UpdateNeeds,
): Promise<Recorded<ReleaseAdded | AdminRefused>> {
  const { db, updates } = needs
  if (!updates) return refuseUpdate('updates-off', { by }, needs)
  const trust = await findTrust(needs, updates)
  const taken = readManifest(text, trust, needs.nowMs())
  if (taken.kind === 'refused') return refuseUpdate(taken.code, { by }, needs)
  const { number, release, files, nextKey } = taken.manifest
  // Another one of this number was refused by its signature: this is the very same again.
  if (trust.seen?.number === number) {
    return refuseUpdate('release-added-already', { by, number }, needs)
  }
  if (!(await updates.hasFiles(files))) {
    return refuseUpdate('update-file-missing', { by, number }, needs)
  }
  const query = db
    .insertInto('update_release')
    .values({ number, release, manifest: text, added_ms: needs.nowMs(), added_by: by })
    .compile()
  const fields = {
    ...{ by, number, release, hashes: files.map(({ sha256 }) => sha256.slice(0, 16)).join(' ') },
    ...(nextKey === undefined ? {} : { nextKey }),
  }
  return {
    answer: { kind: 'added', number, release },
    facts: [newFact(needs, 'UPD-001', { fields })],
    writes: [{ query, expectRows: 1 }],
    notices: [],
  }
}
