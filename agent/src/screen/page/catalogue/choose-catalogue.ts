// Which language the page speaks: the one asked for where there is a catalogue, English otherwise.

import type { Catalogue } from './catalogue.ts'
import { english } from './english.ts'
import { german } from './german.ts'

export const catalogues: readonly Catalogue[] = [english, german]

/** Takes a BCP 47 tag; only its first part counts. */
export function chooseCatalogue(tag: string): Catalogue {
  const [primary] = tag.toLowerCase().split('-')
  return catalogues.find(({ language }) => language === primary) ?? english
}
