// `wardkey-agent readers`: which readers this machine has right now, and whether a card lies on
// one. It reads no card's number aloud.

import type { ListedSource } from '../../readers/list-readers.ts'
import { exitCodes } from './exit-codes.ts'
import type { ExitCode } from './exit-codes.ts'
import type { Output } from './output.ts'

const downWords = {
  'service-stopped': 'its service does not run',
  'library-missing': 'its library is not installed',
  failed: 'failed',
} as const

export function readersCommand(
  sources: readonly ListedSource[],
  isJson: boolean,
  output: Output,
): ExitCode {
  const readers = sources.flatMap((source) => source.readers)
  if (isJson) {
    const listed = sources.map(({ kind, down, readers: of }) => ({
      kind,
      down: down ?? null,
      readers: of.map(({ readerName, cardThere }) => ({ name: readerName, cardThere })),
    }))
    output.answer(JSON.stringify({ sources: listed }))
  } else {
    for (const { readerName, technology, cardThere } of readers) {
      output.answer(`${readerName}  (${technology})${cardThere ? '  a card lies on it' : ''}`)
    }
    for (const { kind, down } of sources) {
      if (down !== undefined) output.say(`${kind}: ${downWords[down]}`)
    }
    if (readers.length === 0) output.answer('No reader was found.')
  }
  return readers.length === 0 ? exitCodes.noReader : exitCodes.ok
}
