// An export as a hospital's has it: facts of taps with their ids, signed every fifth of a second.
// Written line by line, so that a million entries need no memory.

import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { signCheckpoint } from '@wardkey/broker/audit/checkpoint'
import { encodeFact } from '@wardkey/broker/audit/fact'
import type { Fact } from '@wardkey/broker/audit/fact'
import { emptyFrontier, grow, leafHash, rootOf } from '@wardkey/broker/audit/merkle/tree-hash'
import type { Hash } from '@wardkey/broker/audit/merkle/tree-hash'
import { verifierKey } from '@wardkey/broker/audit/signed-note'

/** Returns the key that verifies it. */
export async function writeSampleExport(
  file: string,
  entries: number,
  everyEntries: number,
): Promise<string> {
  const signer = { name: 'bench.example/record', key: generateKeyPairSync('ed25519').privateKey }
  const out = createWriteStream(file)
  const write = async (line: object): Promise<void> => {
    if (!out.write(`${JSON.stringify(line)}\n`)) await once(out, 'drain')
  }
  await write({ kind: 'header', format: 'wardkey-record-1', origin: signer.name, exportedMs: 0 })
  let frontier = emptyFrontier
  let leaves: Hash[] = []
  for (let index = 0; index < entries; index++) {
    const body = Buffer.from(encodeFact(sampleFact(index)).body)
    leaves.push(leafHash(body))
    await write({ kind: 'entry', index, body: body.toString('utf8') })
    if (leaves.length < everyEntries && index < entries - 1) continue
    frontier = grow(frontier, leaves)
    const note = signCheckpoint(frontier.size, rootOf(frontier), signer)
    await write({ kind: 'checkpoint', note, leaves: Buffer.concat(leaves).toString('base64') })
    leaves = []
  }
  out.end()
  await once(out, 'close')
  return verifierKey(signer)
}

/** Every tenth has something sealed, as facts that name a person have. */
function sampleFact(index: number): Fact {
  return {
    id: randomUUID(),
    code: 'TAP-001',
    atMs: 1_800_000_000_000 + index,
    person: randomUUID(),
    workstation: randomUUID(),
    zone: '4-west',
    session: randomUUID(),
    tap: randomUUID(),
    badge: randomUUID(),
    rule: 'badge-alone-in-grace',
    fields: { acr: 'urn:wardkey:acr:badge', kind: 'admitted', place: `bed ${String(index % 40)}` },
    ...(index % 10 === 0 ? { sealed: { name: randomBytes(48).toString('base64') } } : {}),
  }
}
