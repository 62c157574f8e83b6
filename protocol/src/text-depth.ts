// How deeply a JSON text is nested, told before anything recurses into it. Pure.

/** Counts brackets outside of strings before JSON.parse recurses into them. */
export function deeperThan(text: string, depthMax: number): boolean {
  let depth = 0
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (inString) {
      if (c === 0x5c) i++
      else if (c === 0x22) inString = false
    } else if (c === 0x22) inString = true
    else if (c === 0x7b || c === 0x5b) {
      depth++
      if (depth > depthMax) return true
    } else if (c === 0x7d || c === 0x5d) depth--
  }
  return false
}
