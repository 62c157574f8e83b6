// What "backup keys", "restore-keys" and "backup identity" do on the host.

import { existsSync, writeFileSync } from 'node:fs'
import { exitCodes, Refused } from '../doors/command-line/exit.ts'
import { makeIdentity } from '../platform/age/age-keys.ts'
import { openKeyFolder } from '../platform/keys/key-folder.ts'
import type { BackupTools } from './backup-tools.ts'
import { restoreKeys, writeKeys } from './key-backup.ts'
import { readIdentity, recipientsOf } from './recipients.ts'

export function makeIdentityFile(out: string, tools: BackupTools): void {
  const { text, recipient } = makeIdentity()
  if (existsSync(out)) throw new Refused(exitCodes.usage, `${out} is there already.`)
  const lines = [`# created: ${new Date().toISOString()}`, `# public key: ${recipient}`, text, '']
  writeFileSync(out, lines.join('\n'), { mode: 0o600, flag: 'wx', flush: true })
  tools.say(
    { file: out, recipient },
    `${recipient}\n${out} opens what is written for it: keep it in a safe, away from this host.\n`,
  )
}

export async function backUpKeys(
  out: string,
  given: readonly string[],
  tools: BackupTools,
): Promise<void> {
  const settings = tools.settings()
  const texts = given.length > 0 ? given : settings['backup.keyRecipients']
  const recipients = recipientsOf(texts)
  // Whoever could open both would have everything with two files from the same shelf.
  if (texts.some((text) => settings['backup.recipients'].includes(text))) {
    const words = 'Keys are for other people than data: this recipient is in backup.recipients.'
    throw new Refused(exitCodes.refused, words)
  }
  if (existsSync(out)) throw new Refused(exitCodes.usage, `${out} is there already.`)
  const names = await writeKeys(openKeyFolder(settings.keysDir), out, recipients, Date.now())
  tools.say(
    { file: out, files: names },
    `${out}: ${String(names.length)} files of the key folder.\n`,
  )
}

export async function restoreKeyFolder(
  file: string,
  identityFile: string,
  tools: BackupTools,
): Promise<void> {
  const { keysDir } = tools.settings()
  const names = await restoreKeys(file, readIdentity(identityFile), keysDir)
  tools.say({ keysDir, files: names }, `${keysDir}: ${String(names.length)} files.\n`)
}
