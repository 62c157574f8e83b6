// Verifies the record in this page, from its lines and its public key alone: RFC 6962 leaf and node
// hashes, the root, and the checkpoint's Ed25519 signature. The program that sends the lines is not
// believed.

export interface Entry {
  readonly index: number
  readonly fact: Readonly<Record<string, unknown>>
  readonly isSigned: boolean
}

export type Seal =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'verified'; readonly size: number; readonly root: string }
  | { readonly kind: 'failed'; readonly entry: number }
  | { readonly kind: 'unsupported' }

type Hash = Uint8Array<ArrayBuffer>

const concat = (...parts: readonly Uint8Array[]): Hash => {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
const sha256 = async (bytes: Hash): Promise<Hash> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
const fromBase64 = (text: string): Hash =>
  Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
const toBase64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes))
const utf8 = (text: string): Hash => concat(new TextEncoder().encode(text))

export class PageVerifier {
  readonly #vkey: string
  #key: Promise<CryptoKey> | undefined
  /** Roots of the complete subtrees, largest first. */
  #nodes: Hash[] = []
  #size = 0
  #seal: Seal = { kind: 'waiting' }
  readonly entries: Entry[] = []

  constructor(vkey: string) {
    this.#vkey = vkey
  }

  get seal(): Seal {
    return this.#seal
  }

  /** Lines in the order they came; each call goes on where the last one ended. */
  async take(lines: readonly string[]): Promise<void> {
    for (const text of lines) {
      const line = JSON.parse(text) as Record<string, unknown>
      if (line['kind'] === 'entry') await this.#takeEntry(String(line['body']))
      else if (line['kind'] === 'checkpoint') await this.#takeCheckpoint(String(line['note']))
    }
  }

  async #takeEntry(body: string): Promise<void> {
    let node = await sha256(concat(Uint8Array.of(0), utf8(body)))
    for (let bits = this.#size; bits % 2 === 1; bits = Math.floor(bits / 2)) {
      const left = this.#nodes.pop()
      if (left) node = await sha256(concat(Uint8Array.of(1), left, node))
    }
    this.#nodes.push(node)
    const fact = JSON.parse(body) as Entry['fact']
    this.entries.push({ index: this.#size, fact, isSigned: false })
    this.#size += 1
  }

  async #takeCheckpoint(note: string): Promise<void> {
    const end = note.lastIndexOf('\n\n')
    const text = note.slice(0, end + 1)
    const [, size = '', root = ''] = text.split('\n')
    const found = toBase64(await this.#root())
    try {
      const isGood = await this.#isSigned(text, note.slice(end + 2))
      if (!isGood || Number(size) !== this.#size || root !== found) {
        this.#seal = { kind: 'failed', entry: this.entries.findIndex(({ isSigned }) => !isSigned) }
        return
      }
    } catch (thrown) {
      if (!(thrown instanceof DOMException)) throw thrown
      this.#seal = { kind: 'unsupported' }
      return
    }
    this.#seal = { kind: 'verified', size: this.#size, root: found }
    this.entries.forEach((entry, at) => {
      if (!entry.isSigned) this.entries[at] = { ...entry, isSigned: true }
    })
  }

  async #isSigned(text: string, signature: string): Promise<boolean> {
    const blob = fromBase64(signature.trim().split(' ')[2] ?? '')
    const [name = '', , ...rest] = this.#vkey.split('+')
    const typed = fromBase64(rest.join('+'))
    this.#key ??= crypto.subtle.importKey('raw', typed.slice(1), 'Ed25519', false, ['verify'])
    const isOurs = signature.startsWith(`— ${name} `)
    return isOurs && crypto.subtle.verify('Ed25519', await this.#key, blob.slice(4), utf8(text))
  }

  async #root(): Promise<Hash> {
    const [last, ...others] = this.#nodes.toReversed()
    let root = last ?? (await sha256(new Uint8Array()))
    for (const left of others) root = await sha256(concat(Uint8Array.of(1), left, root))
    return root
  }
}
