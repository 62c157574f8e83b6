// What an executable is made of, as CycloneDX 1.6, and every licence in one text. No date and no
// random number: the same parts give the same bill.

import { hash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locked } from './fetch-package.ts'
import { nodeVersion } from './targets.ts'
import type { Target } from './targets.ts'

export interface Part extends Locked {
  /** Where its licence can be read; nothing where it is not kept. */
  readonly folder: string
}

export function billOfMaterials(
  program: string,
  version: string,
  target: Target,
  parts: readonly Part[],
): string {
  const components = [
    {
      type: 'platform',
      'bom-ref': `node@${nodeVersion}`,
      name: 'node',
      version: nodeVersion,
      purl: `pkg:generic/node@${nodeVersion}?arch=${target.arch}&os=${target.platform}`,
      hashes: [{ alg: 'SHA-256', content: target.nodeSha256 }],
      licenses: [{ license: { id: 'MIT' } }],
    },
    ...parts.toSorted((a, b) => (purlOf(a) < purlOf(b) ? -1 : 1)).map(component),
  ]
  const main = { type: 'application', 'bom-ref': `${program}@${version}`, name: program, version }
  const body = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: { ...main, licenses: [{ license: { id: 'Apache-2.0' } }] },
      properties: [{ name: 'wardkey:target', value: target.name }],
    },
    components,
    dependencies: [{ ref: main['bom-ref'], dependsOn: components.map((one) => one['bom-ref']) }],
  }
  const { bomFormat, specVersion, ...rest } = body
  const serialNumber = `urn:uuid:${uuidOf(JSON.stringify(body))}`
  return `${JSON.stringify({ bomFormat, specVersion, serialNumber, ...rest }, null, 2)}\n`
}

const purlOf = ({ name, version }: Locked): string =>
  `pkg:npm/${name.replace('@', '%40')}@${version}`

function component(part: Part) {
  const isWords = /[ ()]/.test(part.licence)
  const hex = Buffer.from(part.integrity.replace(/^sha512-/, ''), 'base64').toString('hex')
  return {
    type: 'library',
    'bom-ref': purlOf(part),
    name: part.name,
    version: part.version,
    purl: purlOf(part),
    hashes: [{ alg: 'SHA-512', content: hex }],
    licenses: isWords ? [{ expression: part.licence }] : [{ license: { id: part.licence } }],
  }
}

/** Shaped as a version 8 UUID (RFC 9562), from what it stands for. */
function uuidOf(text: string): string {
  const hex = hash('sha256', text, 'hex')
  const variant = '89ab'[Number.parseInt(hex.charAt(16), 16) % 4] ?? '8'
  const last = hex.slice(20, 32)
  const [a, b, c] = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(13, 16)]
  return `${a}-${b}-8${c}-${variant}${hex.slice(17, 20)}-${last}`
}

export function licenceTexts(nodeLicence: string, parts: readonly Part[]): string {
  const own = 'Wardkey is under the Apache License, Version 2.0.\nIt holds the following.\n'
  const texts = parts
    .toSorted((a, b) => (purlOf(a) < purlOf(b) ? -1 : 1))
    .map(({ name, version, licence, folder }) =>
      [`${name} ${version} (${licence})`, ...licencesIn(folder)].join('\n\n'),
    )
  const all = [own, `Node.js ${nodeVersion}\n\n${nodeLicence}`, ...texts]
  return all.join(`\n${'='.repeat(78)}\n\n`)
}

function licencesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => /^(licen[cs]e|notice|copying)/i.test(name))
    .toSorted()
    .map((name) => readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n').trim())
}
