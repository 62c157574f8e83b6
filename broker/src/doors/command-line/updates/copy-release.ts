// Puts the files of a release into the broker's folder for them: each whole or not at all, and none
// over one that is another. What the manifest says of them the broker verifies itself.

import { copyFile, mkdir, open, rename, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { signedManifest, updateManifest } from '@wardkey/protocol/workstation/updates/manifest'
import { exitCodes, Refused } from '../exit.ts'

export async function copyRelease(text: string, from: string, to: string): Promise<void> {
  const names = namesIn(text)
  await mkdir(to, { recursive: true, mode: 0o750 })
  if (resolve(from) === resolve(to)) return
  for (const name of names) {
    const part = join(to, `.${name}.part`)
    try {
      await copyFile(join(from, name), part)
      await flush(part)
      await rename(part, join(to, name))
    } catch (thrown) {
      await rm(part, { force: true })
      const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown'
      throw new Refused(exitCodes.usage, `${name} could not be copied: ${code}.`)
    }
  }
  await flush(to)
}

/** Only names; whether anybody signed them is the broker's to find out. */
function namesIn(text: string): readonly string[] {
  const signed = signedManifest.safeParse(text)
  const [body = ''] = signed.success ? signed.data.split('.') : []
  try {
    const json: unknown = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'))
    return updateManifest.parse(json).files.map(({ name }) => name)
  } catch {
    throw new Refused(exitCodes.usage, 'This is no manifest of a release.')
  }
}

async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
