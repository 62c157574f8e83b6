// Filters and PATCH paths as RFC 7644 section 3.4.2.2 and 3.5.2 write them, from text to a tree.
// What it costs grows with the length of the text and with nothing else; it knows no schema. Pure.

import type { AttributePath } from '../resource/find-attribute.ts'
import { flaw } from '../scim-flaw.ts'
import type { ScimFlaw } from '../scim-flaw.ts'

export type Literal = string | number | boolean | null
export const operators = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const
export type Operator = (typeof operators)[number]

export type Filter =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Filter[] }
  | { readonly kind: 'not'; readonly of: Filter }
  | { readonly kind: 'present'; readonly path: AttributePath }
  | {
      readonly kind: 'compare'
      readonly path: AttributePath
      readonly operator: Operator
      readonly literal: Literal
    }
  /** `emails[type eq "work"]`: one and the same value fits. */
  | { readonly kind: 'within'; readonly path: AttributePath; readonly of: Filter }

export interface PatchPath {
  readonly path: AttributePath
  readonly filter?: Filter
}

export const filterCharsMax = 4000
const depthMax = 10

/** Throws `invalidFilter`. */
export function parseFilter(text: string): Filter {
  const reader = new Reader(text, 'invalidFilter', [])
  const filter = reader.readOr(0)
  reader.expectEnd()
  return filter
}

/**
 * Throws `invalidPath`. `urns` are those that may stand before a name, in small letters: a URN has
 * points in it, so that nothing but knowing it says where it ends.
 */
export function parsePath(text: string, urns: readonly string[]): PatchPath {
  const reader = new Reader(text, 'invalidPath', urns)
  const read = reader.readPatchPath()
  reader.expectEnd()
  return read
}

const nameAt = /[A-Za-z$][A-Za-z0-9_$-]*/y
const urnAt = /urn:[A-Za-z0-9:._-]+/iy
const numberAt = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
const stringAt = /"(?:[^"\\\u0000-\u001f]|\\["\\/bfnrt]|\\u[0-9A-Fa-f]{4})*"/y
const wordAt = /[A-Za-z]+/y
const spaceAt = / */y

class Reader {
  readonly #text: string
  readonly #type: 'invalidFilter' | 'invalidPath'
  readonly #urns: readonly string[]
  #at = 0

  constructor(text: string, type: 'invalidFilter' | 'invalidPath', urns: readonly string[]) {
    this.#text = text
    this.#type = type
    this.#urns = urns
    if (text.length > filterCharsMax) throw this.#flaw('it is too long')
  }

  expectEnd(): void {
    this.#take(spaceAt)
    if (this.#at < this.#text.length) throw this.#flaw(`character ${String(this.#at + 1)}`)
  }

  readOr(depth: number): Filter {
    return this.#readList('or', depth, () =>
      this.#readList('and', depth, () => this.#readOne(depth)),
    )
  }

  readPatchPath(): PatchPath {
    const path = this.#readPath()
    if (this.#peek() !== '[') return { path }
    if (path.sub !== undefined || path.name === undefined) throw this.#flaw('a filter is misplaced')
    this.#at += 1
    const filter = this.readOr(1)
    this.#expect(']')
    if (this.#peek() !== '.') return { path, filter }
    this.#at += 1
    return { path: { ...path, sub: this.#readName() }, filter }
  }

  #readList(word: 'and' | 'or', depth: number, read: () => Filter): Filter {
    if (depth > depthMax) throw this.#flaw('it is nested too deeply')
    const first = read()
    const all = [first]
    while (this.#takeWord(word)) all.push(read())
    return all.length === 1 ? first : { kind: word, of: all }
  }

  #readOne(depth: number): Filter {
    this.#take(spaceAt)
    const start = this.#at
    if (this.#takeWord('not')) {
      this.#take(spaceAt)
      if (this.#peek() === '(') return { kind: 'not', of: this.#readGroup(depth) }
      // Somebody may have an attribute of that name; the grammar allows it.
      this.#at = start
    }
    if (this.#peek() === '(') return this.#readGroup(depth)
    const path = this.#readPath()
    if (this.#peek() === '[') {
      this.#at += 1
      const inner = this.readOr(depth + 1)
      this.#expect(']')
      return { kind: 'within', path, of: inner }
    }
    if (this.#peek() !== ' ') throw this.#flaw('an operator is missing')
    this.#take(spaceAt)
    const operator = (this.#take(wordAt) ?? '').toLowerCase()
    if (operator === 'pr') return { kind: 'present', path }
    const known = operators.find((one) => one === operator)
    if (!known) throw this.#flaw('there is no such operator')
    if (this.#peek() !== ' ') throw this.#flaw('a value is missing')
    this.#take(spaceAt)
    return { kind: 'compare', path, operator: known, literal: this.#readLiteral() }
  }

  #readGroup(depth: number): Filter {
    this.#at += 1
    const filter = this.readOr(depth + 1)
    this.#take(spaceAt)
    this.#expect(')')
    return filter
  }

  #readPath(): AttributePath {
    const urn = this.#takeUrn()
    if (urn !== undefined && this.#peek() !== ':') return { urn }
    if (urn !== undefined) this.#at += 1
    const name = this.#readName()
    const path = urn === undefined ? { name } : { urn, name }
    if (this.#peek() !== '.') return path
    this.#at += 1
    return { ...path, sub: this.#readName() }
  }

  /** One that we know where there is one; else all up to the last colon. */
  #takeUrn(): string | undefined {
    const rest = this.#text.slice(this.#at).toLowerCase()
    if (!rest.startsWith('urn:')) return undefined
    const known = this.#urns.find((urn) => {
      const next = rest[urn.length]
      return rest.startsWith(urn) && (next === undefined || next === ':' || next === ' ')
    })
    if (known !== undefined) {
      this.#at += known.length
      return known
    }
    urnAt.lastIndex = this.#at
    const written = urnAt.exec(this.#text)?.[0] ?? ''
    const end = written.lastIndexOf(':')
    if (end < 4) throw this.#flaw('a URN is not understood')
    this.#at += end
    return written.slice(0, end).toLowerCase()
  }

  #readName(): string {
    const name = this.#take(nameAt)
    if (name === undefined || name === '') throw this.#flaw('a name is missing')
    return name
  }

  #readLiteral(): Literal {
    if (this.#peek() === '"') {
      const quoted = this.#take(stringAt)
      if (quoted === undefined) throw this.#flaw('a text does not end')
      // Exactly the escapes of JSON got through the pattern.
      return String(JSON.parse(quoted))
    }
    const number = this.#take(numberAt)
    if (number !== undefined && number !== '') return Number(number)
    const word = this.#take(wordAt)?.toLowerCase()
    if (word === 'true' || word === 'false') return word === 'true'
    if (word === 'null') return null
    throw this.#flaw('a value is not understood')
  }

  #takeWord(word: string): boolean {
    const start = this.#at
    this.#take(spaceAt)
    if (this.#take(wordAt)?.toLowerCase() === word && ' ('.includes(this.#peek() ?? '#'))
      return true
    this.#at = start
    return false
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    if (found !== undefined) this.#at += found.length
    return found
  }

  #peek(): string | undefined {
    return this.#text[this.#at]
  }

  #expect(character: string): void {
    if (this.#peek() !== character) throw this.#flaw(`a ${character} is missing`)
    this.#at += 1
  }

  #flaw(what: string): ScimFlaw {
    const of = this.#type === 'invalidFilter' ? 'The filter' : 'The path'
    return flaw(this.#type, `${of} is not understood: ${what}.`)
  }
}
