// Keys of the whole page for as long as something is drawn, without taking a button's own from it.

import { useLayoutEffect, useRef } from 'preact/hooks'

/** By `KeyboardEvent.key`; what is in no list goes to `other`, which says whether it took it. */
export function useKeys(
  keys: Readonly<Record<string, () => void>>,
  other: (key: string) => boolean = () => false,
): void {
  // The newest, so that the one listener below never acts on an old picture.
  const latest = useRef({ keys, other })
  latest.current = { keys, other }
  // With what is drawn and not after it has been painted: the first key of a quick hand counts.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return
      const { key, target } = event
      // A focused button's Enter presses that button, and a field's keys are its text.
      if (target instanceof HTMLButtonElement && (key === 'Enter' || key === ' ')) return
      if (target instanceof HTMLInputElement && key !== 'Escape' && key !== 'Enter') return
      const act = latest.current.keys[key]
      if (act) act()
      else if (!latest.current.other(key)) return
      event.preventDefault()
    }
    addEventListener('keydown', onKey)
    return () => {
      removeEventListener('keydown', onKey)
    }
  }, [])
}
