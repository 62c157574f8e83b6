// What of the axis is in view: moved at once, and written to the address when the hand rests.

import { useCallback, useEffect, useState } from 'react'
import { useAddress } from '../../parts/address.ts'
import { parseZoom, writeZoom } from './axis.ts'
import type { View } from './axis.ts'

const restMs = 300

export type Change = (old: View) => View

/** The range must stay as it is while this lives: give it a key of it. */
export function useView(all: View): readonly [View, (change: Change) => void] {
  const [address, setAddress] = useAddress()
  const { zoom } = address
  const [view, setView] = useState(() => parseZoom(zoom, all))
  useEffect(() => {
    const text = writeZoom(view, all)
    if (text === zoom) return undefined
    const timer = setTimeout(() => {
      setAddress({ zoom: text }, { replace: true })
    }, restMs)
    return () => {
      clearTimeout(timer)
    }
  }, [view, all, zoom, setAddress])
  const change = useCallback((next: Change) => {
    setView(next)
  }, [])
  return [view, change]
}
