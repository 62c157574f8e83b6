// What settings are deployed with: an ADMX and its ADML, a profile for Macs and a file for Linux.
// They are well formed, name every setting once, and what they say is what the parser takes.

import { parse as parseYaml } from 'yaml'
import { describe, expect, it } from 'vitest'
import { settingsTable } from '@wardkey/agent/platform/settings-table'
import { generatedDocuments } from '../../docs/generate/generated-documents.ts'
import { all, parseXml } from './xml-tree.ts'
import type { Element } from './xml-tree.ts'

const made = generatedDocuments()
const textOf = (path: string): string => made.get(path) ?? ''
const offered = settingsTable.filter(({ isForTests }) => !isForTests)
const offeredKeys = offered.map(({ key }) => key).toSorted()

/** Every `$(string.x)` and `$(presentation.x)` in attributes. */
function references(element: Element, kind: string): string[] {
  const own = Object.values(element.attributes).flatMap(
    (value) => new RegExp(`^\\$\\(${kind}\\.(\\w+)\\)$`).exec(value)?.[1] ?? [],
  )
  return [...own, ...element.children.flatMap((child) => references(child, kind))]
}

/** What is wrong between a template and its words. */
function crossFlaws(admx: string, adml: string): string[] {
  const template = parseXml(admx)
  const words = parseXml(adml)
  const flaws: string[] = []
  for (const kind of ['string', 'presentation'] as const) {
    const used = new Set(references(template, kind))
    const there = all(words, kind).flatMap(({ attributes }) => attributes['id'] ?? [])
    flaws.push(...[...used].filter((id) => !there.includes(id)).map((id) => `no ${kind} ${id}`))
    flaws.push(...there.filter((id) => !used.has(id)).map((id) => `${kind} ${id} is not used`))
    if (new Set(there).size !== there.length) flaws.push(`a ${kind} twice`)
  }
  for (const policy of all(template, 'policy')) {
    const asked = all(policy, 'elements').flatMap(({ children }) => children)
    const ids = asked.map(({ attributes }) => attributes['id'])
    const shown = all(words, 'presentation').find(
      ({ attributes }) =>
        `$(presentation.${attributes['id'] ?? ''})` === policy.attributes['presentation'],
    )
    const refs = shown?.children.map(({ attributes }) => attributes['refId']) ?? []
    if (JSON.stringify(ids) !== JSON.stringify(refs)) flaws.push(`${String(ids[0])} is not shown`)
  }
  return flaws
}

describe('the template of group policy', () => {
  const admx = textOf('installers/windows/policy/wardkey.admx')
  const adml = textOf('installers/windows/policy/en-US/wardkey.adml')
  const policies = all(parseXml(admx), 'policy')
  it('has every word that it uses, and no other', () => {
    expect(crossFlaws(admx, adml)).toEqual([])
  })
  it('is seen to lack a word, to have one too many, and not to show what it asks', () => {
    const less = adml.replace(/ *<string id="dataDir">.*\n/, '')
    expect(crossFlaws(admx, less)).toEqual(['no string dataDir'])
    const more = adml.replace('</stringTable>', '<string id="x">x</string></stringTable>')
    expect(crossFlaws(admx, more)).toEqual(['string x is not used'])
    const other = adml.replace('refId="dataDir"', 'refId="runtimeDir"')
    expect(crossFlaws(admx, other)).toEqual(['dataDir is not shown'])
  })
  it('sets every setting once, under its own name, and none that is for tests', () => {
    const named = policies.flatMap((policy) => [
      ...[policy.attributes['valueName'] ?? []].flat(),
      ...all(policy, 'elements').flatMap(({ children }) =>
        children.map(({ attributes }) => attributes['valueName'] ?? ''),
      ),
    ])
    expect(named.toSorted()).toEqual(offeredKeys)
    expect(new Set(policies.map(({ attributes }) => attributes['name'])).size).toBe(named.length)
  })
  it('writes for the machine only, below Policies', () => {
    for (const { attributes } of policies) {
      expect(attributes['class']).toBe('Machine')
      expect(attributes['key']).toBe('SOFTWARE\\Policies\\Wardkey\\Agent')
    }
  })
  it('has categories and marks that are there', () => {
    const tree = parseXml(admx)
    const names = [...all(tree, 'category'), ...all(tree, 'definition')].map(
      ({ attributes }) => attributes['name'],
    )
    const refs = [...all(tree, 'parentCategory'), ...policies.flatMap((one) => one.children)]
      .filter(({ name }) => name === 'parentCategory' || name === 'supportedOn')
      .map(({ attributes }) => attributes['ref'])
    expect(refs.length).toBeGreaterThan(0)
    for (const ref of refs) expect(names).toContain(ref)
  })
})

describe('a form says what the parser takes', () => {
  it.each(offered.map((row) => [row.key, row] as const))('of %s', (_key, { form, schema }) => {
    const takes = (value: unknown): boolean => schema.safeParse(value).success
    if (form.kind === 'yes-no') expect([true, false, 2].map(takes)).toEqual([true, true, false])
    if (form.kind === 'number') {
      const tried = [form.min, form.max, form.min - 1, form.max + 1]
      expect(tried.map(takes)).toEqual([true, true, false, false])
    }
    if (form.kind === 'choice') {
      for (const one of form.of) expect(takes(one)).toBe(true)
      expect(takes('somethingElse')).toBe(false)
    }
    if (form.kind === 'text') expect(takes('x'.repeat(form.max + 1))).toBe(false)
    if (form.kind === 'list') expect([['a:1'], [], 1].map(takes)).toEqual([true, true, false])
    if (form.kind === 'map' || form.kind === 'json') {
      expect([{}, [], 'nonsense'].map(takes)).toEqual([true, false, false])
    }
  })
})

/** A property list as what it means. */
function plistValue({ name, children, text }: Element): unknown {
  switch (name) {
    case 'dict':
      return Object.fromEntries(
        children.flatMap((child, at) => {
          const value = children[at + 1]
          return child.name === 'key' && value ? [[child.text, plistValue(value)]] : []
        }),
      )
    case 'array':
      return children.map(plistValue)
    case 'true':
    case 'false':
      return name === 'true'
    case 'integer':
      return Number(text)
    case 'string':
      return text
    default:
      throw new Error(`${name} in a property list`)
  }
}

describe('the profile for Macs', () => {
  const profile = textOf('installers/macos/wardkey-agent.mobileconfig')
  function payload(text: string): Record<string, unknown> {
    const [list] = parseXml(text).children
    const whole = (list ? plistValue(list) : {}) as { PayloadContent: Record<string, unknown>[] }
    return Object.fromEntries(
      Object.entries(whole.PayloadContent[0] ?? {}).filter(([key]) => !key.startsWith('Payload')),
    )
  }
  it('sets one example, and nothing else', () => {
    expect(payload(profile)).toEqual({ 'broker.addresses': ['broker.hospital.example:8443'] })
  })
  it('has every setting in it, of the right type, once its comment marks are gone', () => {
    const whole = profile.replaceAll(/<!-- (<key>[^]*?) -->/g, '$1')
    const values = payload(whole)
    expect(Object.keys(values).toSorted()).toEqual(offeredKeys)
    for (const { key, schema, form } of offered) {
      // An empty folder is for whoever fills it in.
      if (form.kind !== 'text') expect(schema.safeParse(values[key]).success, key).toBe(true)
    }
    expect(whole.match(/<key>(?!Payload)/g)).toHaveLength(offered.length)
  })
})

describe('the file for Linux', () => {
  const file = textOf('installers/linux/agent.yaml')
  it('says nothing as it is installed', () => {
    expect(parseYaml(file)).toBeNull()
  })
  it('says what is so anyhow, once its comment marks are gone', () => {
    const values = parseYaml(file.replaceAll(/^#(?=\S)/gm, '')) as Record<string, unknown>
    expect(Object.keys(values).toSorted()).toEqual(offeredKeys)
    for (const { key, schema } of offered) {
      expect(schema.parse(values[key]), key).toEqual(schema.parse(undefined))
    }
  })
})

describe('XML that is not well formed is refused', () => {
  it.each([
    '',
    'text',
    '<a>',
    '<a></b>',
    '<a/><b/>',
    '<a b="1" b="2"/>',
    '<a b=1/>',
    '<a>&nbsp;</a>',
    '<a>& b</a>',
    '<a><!-- -- --></a>',
    '<a b="<"/>',
  ])('%s', (text) => {
    expect(() => parseXml(text)).toThrow()
  })
})
