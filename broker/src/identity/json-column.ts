// JSON columns, read back: our own text, but parsed like anybody's.

import { z } from 'zod'

const texts = z.array(z.string().max(200)).max(64)

/** A column that holds a list of words. Throws on anything else: the row is not one we wrote. */
export function parseTexts(column: string): readonly string[] {
  return texts.parse(JSON.parse(column))
}
