// Makes the flat package of the agent for one kind of Mac: what is put where, what runs before and
// after, and what the installer is told.

import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packBom } from './bom.ts'
import { packCpio } from './cpio.ts'
import { entriesOf } from './entries.ts'
import { packXar } from './xar.ts'

export interface PkgNeeds {
  readonly version: string
  /** As the installer names it: arm64 or x86_64. */
  readonly architecture: 'arm64' | 'x86_64'
  readonly folder: string
  readonly workFolder: string
  readonly out: string
  /** Seconds since 1970 of everything in it. */
  readonly epoch: number
}

export const packageId = 'org.wardkey.agent'
const own = fileURLToPath(new URL('../files', import.meta.url))
const programFolder = 'Library/Wardkey/Agent'

export function buildPkg(needs: PkgNeeds): void {
  const { workFolder, folder, epoch, version } = needs
  rmSync(workFolder, { recursive: true, force: true })
  const root = join(workFolder, 'root')
  const put = (from: string, to: string, mode: number): void => {
    mkdirSync(dirname(join(root, to)), { recursive: true })
    cpSync(from, join(root, to), { recursive: true })
    if (mode !== 0) chmodSync(join(root, to), mode)
  }
  put(join(folder, 'wardkey-agent'), `${programFolder}/wardkey-agent`, 0o755)
  put(join(folder, 'lib'), `${programFolder}/lib`, 0)
  for (const paper of ['LICENSES.txt', 'sbom.cdx.json']) {
    put(join(folder, paper), `${programFolder}/${paper}`, 0o644)
  }
  put(join(own, 'wardkey-agent'), 'Library/Wardkey/bin/wardkey-agent', 0o755)
  put(join(own, 'uninstall'), 'Library/Wardkey/uninstall', 0o755)
  put(join(own, 'org.wardkey.agent.plist'), `Library/LaunchAgents/${packageId}.plist`, 0o644)
  for (const daemon of ['duties', 'updates']) {
    const name = `${packageId}.${daemon}.plist`
    put(join(own, name), `Library/LaunchDaemons/${name}`, 0o644)
  }
  put(join(own, 'paths'), 'private/etc/paths.d/wardkey', 0o644)
  mkdirSync(join(root, 'Library/Application Support/Wardkey'), { recursive: true })

  const scripts = join(workFolder, 'scripts')
  for (const name of ['preinstall', 'postinstall']) {
    mkdirSync(scripts, { recursive: true })
    const text = readFileSync(join(own, name), 'utf8').replaceAll('@VERSION@', version)
    writeFileSync(join(scripts, name), text, { mode: 0o755 })
  }
  // All that may stay in `lib`, beside the scripts that take the rest away.
  const listed = entriesOf(join(folder, 'lib')).filter(({ kind }) => kind !== 'folder')
  const lines = listed.map(({ path }) => `lib${path.slice(1)}\n`)
  writeFileSync(join(scripts, 'lib-files'), lines.join(''), { mode: 0o644 })
  writeFileSync(needs.out, pack(needs, root, scripts, epoch))
}

function pack({ version, architecture }: PkgNeeds, root: string, scripts: string, epoch: number) {
  const entries = entriesOf(root)
  const bytes = entries.reduce((sum, { content }) => sum + content.length, 0)
  const kibibytes = String(Math.ceil(bytes / 1024))
  const count = String(entries.length)
  const info =
    '<?xml version="1.0" encoding="utf-8"?>\n' +
    `<pkg-info format-version="2" identifier="${packageId}" version="${version}" ` +
    'install-location="/" auth="root" overwrite-permissions="true" relocatable="false">\n' +
    `  <payload installKBytes="${kibibytes}" numberOfFiles="${count}"/>\n` +
    '  <scripts><preinstall file="./preinstall"/><postinstall file="./postinstall"/></scripts>\n' +
    '</pkg-info>\n'
  const distribution =
    '<?xml version="1.0" encoding="utf-8"?>\n<installer-gui-script minSpecVersion="2">\n' +
    '  <title>Wardkey agent</title>\n' +
    `  <options customize="never" require-scripts="false" hostArchitectures="${architecture}"/>\n` +
    '  <domains enable_anywhere="false" enable_currentUserHome="false" enable_localSystem="true"/>\n' +
    '  <volume-check><allowed-os-versions><os-version min="11.0"/></allowed-os-versions></volume-check>\n' +
    `  <choices-outline><line choice="agent"/></choices-outline>\n` +
    `  <choice id="agent" visible="false"><pkg-ref id="${packageId}"/></choice>\n` +
    `  <pkg-ref id="${packageId}" version="${version}" installKBytes="${kibibytes}" ` +
    `onConclusion="none">#agent.pkg</pkg-ref>\n</installer-gui-script>\n`
  const files = [
    { name: 'Bom', content: packBom(entries, epoch) },
    { name: 'PackageInfo', content: Buffer.from(info) },
    { name: 'Payload', content: packCpio(entries, epoch) },
    { name: 'Scripts', content: packCpio(entriesOf(scripts), epoch) },
  ]
  const parts = [
    { name: 'Distribution', content: Buffer.from(distribution) },
    { name: 'agent.pkg', files },
  ]
  return packXar(parts, new Date(epoch * 1000))
}
