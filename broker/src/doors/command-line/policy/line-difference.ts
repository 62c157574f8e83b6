// Two texts as the lines that one has and the other has not, with a little of what is around. Pure.

const around = 2
/** More than this on either side, and what is between is shown as taken out and put in whole. */
const linesMax = 3000

type Line = readonly [' ' | '-' | '+', string]

/** Empty where they are the same. */
export function lineDifference(before: string, after: string): string {
  const lines = linesOf(before.split('\n'), after.split('\n'))
  const isShown = lines.map((_line, at) =>
    lines.slice(Math.max(0, at - around), at + around + 1).some(([sign]) => sign !== ' '),
  )
  return lines
    .flatMap(([sign, text], at) => {
      if (!isShown[at]) return isShown[at - 1] ? ['  …'] : []
      return [`${sign} ${text}`.trimEnd()]
    })
    .map((line) => `${line}\n`)
    .join('')
}

function linesOf(a: readonly string[], b: readonly string[]): readonly Line[] {
  let from = 0
  while (from < a.length && from < b.length && a[from] === b[from]) from += 1
  let end = 0
  while (end < a.length - from && end < b.length - from && a.at(-1 - end) === b.at(-1 - end)) {
    end += 1
  }
  const same = (text: string): Line => [' ', text]
  return [
    ...a.slice(0, from).map(same),
    ...changed(a.slice(from, a.length - end), b.slice(from, b.length - end)),
    ...a.slice(a.length - end).map(same),
  ]
}

/** By the longest row of lines that both have, in order. */
function changed(a: readonly string[], b: readonly string[]): readonly Line[] {
  if (a.length > linesMax || b.length > linesMax) {
    return [...a.map((text): Line => ['-', text]), ...b.map((text): Line => ['+', text])]
  }
  const width = b.length + 1
  const longest = new Uint16Array((a.length + 1) * width)
  const at = (i: number, j: number): number => longest[i * width + j] ?? 0
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      longest[i * width + j] =
        a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const lines: Line[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    const [old = '', now = ''] = [a[i], b[j]]
    if (i < a.length && j < b.length && old === now) {
      lines.push([' ', old])
      i += 1
      j += 1
    } else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) {
      lines.push(['-', old])
      i += 1
    } else {
      lines.push(['+', now])
      j += 1
    }
  }
  return lines
}
