// What notices hands on a chart, as a script for a world of its own in the chart's page: it says
// that there were some, never what they did, and changes nothing that the page can see.

/** Neither seen nor reached by the page's own code. */
export const activityWorld = 'wardkey-activity'

/**
 * Only what a person does and no page can make up: an event is trusted only where the browser made
 * it of real input. Focus, scrolling, clicks by script and navigation may come of a page alone, a
 * pointer that moves may be a layout that moves under it, and a key that is held down may be a book
 * that lies on it. Gives false where a document has it already.
 */
export const activityScript = `(() => {
  if (globalThis.nextHands) return false
  let waiting = []
  const seen = (event) => {
    if (!event.isTrusted || event.repeat) return
    for (const each of waiting) each(true)
    waiting = []
  }
  for (const name of ['keydown', 'pointerdown', 'wheel', 'touchstart']) {
    addEventListener(name, seen, { capture: true, passive: true })
  }
  globalThis.nextHands = () => new Promise((resolve) => { waiting.push(resolve) })
  return true
})()`
